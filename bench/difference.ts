/** What is wrong with the second of two results, or undefined. */
export function difference(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  tolerance: number,
): string | undefined {
  if (ours.length !== theirs.length) return `results of ${ours.length} and ${theirs.length} elements`;
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < ours.length; i++) {
    scale = Math.max(scale, Math.abs(theirs[i]!));
    const distance = Math.abs(ours[i]! - theirs[i]!);
    if (!(distance <= worst)) worst = distance;
  }
  return worst <= tolerance * scale ? undefined : `results differ by ${worst}, their greatest is ${scale}`;
}
