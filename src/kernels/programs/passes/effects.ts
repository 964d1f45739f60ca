import type { KernelName } from '../../kernel-table';
import type { Step } from '../program';

/**
 * Kernels whose result does not follow from inputs and attributes alone, or that are called for what they do: random numbers advance,
 * pictures change, a kernel that a program brings along is unknown.
 */
const impure: ReadonlySet<KernelName> = new Set<KernelName>(['random', 'fromPixels', 'paint', 'custom']);

/** Whether two calls of the step with the same inputs give the same. */
export function isPure({ kernel, varying }: Step): boolean {
  return varying === undefined && !impure.has(kernel);
}
