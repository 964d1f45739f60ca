/** The greatest difference, relative to the greatest value that is wanted. */
export function distance(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity;
  let [greatest, farthest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(found[i]! - wanted[i]!);
    if (!(off <= farthest)) farthest = off;
    greatest = Math.max(greatest, Math.abs(wanted[i]!));
  }
  return greatest === 0 ? farthest : farthest / greatest;
}
