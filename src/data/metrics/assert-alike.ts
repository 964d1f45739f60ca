/**
 * @throws when states are merged whose lists have other lengths, or which have none: they were made with other options, or by another metric; and for what is no number, as JSON's null for
 *   NaN and infinities
 */
export function assertAlike(name: string, wanted: number, ...lists: readonly unknown[]): void {
  for (const list of lists) {
    const length = (list as ArrayLike<unknown> | null | undefined)?.length;
    if (length !== wanted)
      throw new Error(
        `${name}: a state to merge has ${length ?? 'no'} counts; wanted ${wanted}, as of a metric with the same options`,
      );
    assertNumbers(name, list as readonly unknown[]);
  }
}

/** @throws unless all are numbers */
export function assertNumbers(name: string, values: readonly unknown[]): void {
  const other = values.find((value) => typeof value !== 'number');
  if (other !== undefined)
    throw new Error(
      `${name}: a state to merge has ${String(other)} among its numbers; wanted numbers: JSON makes null of NaN and infinities, structuredClone() keeps them`,
    );
}
