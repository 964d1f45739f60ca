/**
 * Tables of offsets. In every matrix of this library, be it transposed, a batch of images or the patches that a window
 * sees of them, the place of element (i, j) is the sum of something that depends on i and something that depends on j.
 */

/** 0, stride, 2·stride, … */
export function evenOffsets(length: number, stride: number): Int32Array {
  const offsets = new Int32Array(length);
  for (let i = 0; i < length; i++) offsets[i] = i * stride;
  return offsets;
}

/** Every sum of one of each of the parts, the last part varying fastest. */
export function sumOffsets(...parts: readonly Int32Array[]): Int32Array {
  return parts.reduce((major, minor) => {
    const sums = new Int32Array(major.length * minor.length);
    let at = 0;
    for (const offset of major) for (const step of minor) sums[at++] = offset + step;
    return sums;
  });
}
