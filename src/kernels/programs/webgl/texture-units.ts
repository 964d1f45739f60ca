/**
 * Gives textures that a program reads units of their own, behind those that single kernels use: one that is still bound from the draw or the run before
 * needs no call. Those that save most calls come first. The others take turns in the first units, as the operands of single kernels do.
 *
 * @param places the places that each draw reads, in the order of its samplers
 * @param given how many places, the first, have other textures in each run
 * @returns the unit of each of these
 */
export function planUnits(
  gl: WebGL2RenderingContext,
  places: readonly (readonly number[])[],
  given: number,
): number[][] {
  const first = gl.getParameter(gl.MAX_TEXTURE_IMAGE_UNITS) as number;
  const count = (gl.getParameter(gl.MAX_COMBINED_TEXTURE_IMAGE_UNITS) as number) - first;
  const saved = new Map<number, number>();
  for (const place of places.flat()) saved.set(place, (saved.get(place) ?? (place < given ? -1 : 0)) + 1);
  const chosen = [...saved].filter(([, calls]) => calls > 0).sort(([, a], [, b]) => b - a);
  const units = new Map(chosen.slice(0, Math.max(0, count)).map(([place], i) => [place, first + i]));
  return places.map((own) => own.map((place, k) => units.get(place) ?? k));
}
