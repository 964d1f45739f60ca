import { activeBackend } from '../../src/kernels';

type Allocator = Record<string, (...args: unknown[]) => unknown>;

/** The allocator of the backend in use: the linear memory on the CPU, the texture pool on WebGL. */
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
 * Makes allocation number 1, 2, … on the backend in use fail, as if memory were full, until it is restored.
 */
export function failingAllocation(number: number): {
  /** Whether that allocation has been tried. */
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
 * @returns whether that allocation was tried
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
