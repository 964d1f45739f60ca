/**
 * Tables of offsets. A matrix, transposed or not, and the patches of images as a matrix, are described by two of them:
 * element (i, j) is at rows[i] + columns[j].
 */

/** The offsets 0, stride, 2·stride, …, `length` of them. */
export function evenOffsets(length: number, stride: number): Int32Array {
  const offsets = new Int32Array(length);
  for (let i = 0; i < length; i++) offsets[i] = i * stride;
  return offsets;
}

/** All sums of one offset from each part, in row-major order: the last part varies fastest. */
export function sumOffsets(...parts: readonly Int32Array[]): Int32Array {
  return parts.reduce((major, minor) => {
    const sums = new Int32Array(major.length * minor.length);
    let at = 0;
    for (const offset of major) for (const step of minor) sums[at++] = offset + step;
    return sums;
  });
}
