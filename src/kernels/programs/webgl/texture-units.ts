/**
 * Gives textures that a program reads units of their own, behind those that single kernels use: one that is still bound from the draw or the run before
 * needs no call. Those that save most calls come first. The others take turns in the first units, as the operands of single kernels do.
 *
 * @param places the places that each draw reads, in the order of its samplers
 * @param given how many places, the first, have other textures in each run
 * @param first the first of their own units
 * @param count how many of these there are
 * @returns the unit of each of these
 */
export function planUnits(
  places: readonly (readonly number[])[],
  given: number,
  first: number,
  count: number,
): number[][] {
  const saved = new Map<number, number>();
  for (const place of places.flat()) saved.set(place, (saved.get(place) ?? (place < given ? -1 : 0)) + 1);
  const chosen = [...saved].filter(([, calls]) => calls > 0).sort(([, a], [, b]) => b - a);
  const units = new Map(chosen.slice(0, count).map(([place], i) => [place, first + i]));
  return places.map((own) => own.map((place, k) => units.get(place) ?? k));
}
