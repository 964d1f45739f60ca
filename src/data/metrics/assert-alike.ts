/** @throws when states are merged whose lists have other lengths, or which have none: they were made with other options, or by another metric */
export function assertAlike(name: string, wanted: number, ...lists: readonly unknown[]): void {
  for (const list of lists) {
    const length = (list as ArrayLike<unknown> | null | undefined)?.length;
    if (length !== wanted)
      throw new Error(
        `${name}: a state to merge has ${length ?? 'no'} counts; wanted ${wanted}, as of a metric with the same options`,
      );
  }
}

/** @throws unless all are numbers: JSON makes null of NaN and infinities */
export function assertNumbers(name: string, values: readonly unknown[]): void {
  if (values.some((value) => typeof value !== 'number'))
    throw new Error(
      `${name}: a state to merge has lost NaN or infinities in JSON; wanted it from structuredClone()`,
    );
}
