import { activeBackend } from '../kernels';

type Allocator = Record<string, (...args: unknown[]) => unknown>;

/** Where the backend in use gets its memory: blocks of the linear memory on the CPU, textures on WebGL. */
function allocator(): { readonly owner: Allocator; readonly method: string } {
  const { linear, pool } = activeBackend() as unknown as {
    readonly linear?: Allocator;
    readonly pool?: Allocator;
  };
  if (linear) return { owner: linear, method: 'allocate' };
  if (pool) return { owner: pool, method: 'acquire' };
  throw new Error('failingAllocation: the backend in use has no allocator that is known here');
}

/**
 * Runs `work` while the allocation of that number (1, 2, …) on the backend in use fails, as one does when the memory is full.
 *
 * @returns whether there was one of that number
 */
export function withFailingAllocation(number: number, work: () => void): boolean {
  const { owner, method } = allocator();
  const allocate = owner[method]!;
  let count = 0;
  owner[method] = (...args) => {
    if (++count === number) throw new Error('out of memory (by the test)');
    return allocate.apply(owner, args);
  };
  try {
    work();
  } finally {
    Reflect.deleteProperty(owner, method);
  }
  return count >= number;
}
