import { activeBackend } from '../../src/kernels';

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
 * Makes the allocation of that number (1, 2, …) on the backend in use fail, as one does when the memory is full, until it is restored.
 */
export function failingAllocation(number: number): {
  /** Whether there was one of that number. */
  readonly isReached: () => boolean;
  readonly restore: () => void;
} {
  const { owner, method } = allocator();
  const allocate = owner[method]!;
  let count = 0;
  owner[method] = (...args) => {
    if (++count === number) throw new Error('out of memory (by the test)');
    return allocate.apply(owner, args);
  };
  return { isReached: () => count >= number, restore: () => void Reflect.deleteProperty(owner, method) };
}

/**
 * As {@link failingAllocation}, while `work` runs.
 *
 * @returns whether there was one of that number
 */
export function withFailingAllocation(number: number, work: () => void): boolean {
  const { isReached, restore } = failingAllocation(number);
  try {
    work();
  } finally {
    restore();
  }
  return isReached();
}
