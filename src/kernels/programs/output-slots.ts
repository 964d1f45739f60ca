import type { Program } from './program';

/**
 * The slots that outlive a run, each once: those of results and updates, unless they are arguments or captured tensors. The caller of
 * {@link Executable.run} allocates storage for them, in this order.
 */
export function outputSlots({
  slots,
  results,
  updates,
}: Pick<Program, 'slots' | 'results' | 'updates'>): readonly number[] {
  const outliving = new Set([...results, ...updates].map(({ slot }) => slot));
  return [...outliving].filter((slot) => {
    const { kind } = slots[slot]!.origin;
    return kind === 'step' || kind === 'constant';
  });
}
