// The sampler reads texels at coordinates between 0 and 1: every texel of the widest and highest textures must be the right one.
import * as dl from 'rxtensor/tensor';
import { describeOwnWebGL } from '../../../test/support/own-backends';

/** Widths and heights in texels: odd ones, and those around the sizes of textures. */
const LENGTHS = [1, 3, 5, 41, 255, 257, 1023, 4095, 4097, 8191, 8192, 16383, 16384, 16385];

/** The numbers 0, 1, 2, …, which float32 has all. */
const numbered = (...shape: number[]): dl.Tensor =>
  dl.reshape(
    dl.range(
      0,
      shape.reduce((product, extent) => product * extent, 1),
    ),
    shape,
  );

/** How many elements are not where they belong. */
async function misplaced(found: dl.Tensor, wanted: (i: number) => number): Promise<number> {
  const values = await found.data();
  found.dispose();
  let count = 0;
  values.forEach((value: number, i: number) => (count += Number(value !== wanted(i))));
  return count;
}

describeOwnWebGL('Texels read by the sampler', () => {
  for (const length of LENGTHS) {
    it(`are right in textures of ${length} columns, or rows`, async () => {
      const size = 3 * 4 * length;
      const rows = dl.tidy(() => dl.reverse(numbered(3, 4 * length)));
      expect(await misplaced(rows, (i) => size - 1 - i)).toBe(0);
      const columns = dl.tidy(() => dl.reverse(numbered(length, 4 * 3)));
      expect(await misplaced(columns, (i) => size - 1 - i)).toBe(0);
    });

    it(`are right in ${length} columns, or rows, to which a row and a column are added, and in parts of them`, async () => {
      for (const [rows, columns] of [
        [3, 4 * length],
        [length, 4 * 3],
      ] as const) {
        const zeros = dl.zeros([rows, columns]);
        const row = dl.tidy(() => dl.add(zeros, numbered(columns)));
        expect(await misplaced(row, (i) => i % columns)).toBe(0);
        // The one that comes from the host lies in one row of its texture.
        for (const column of [
          dl.tidy(() => numbered(rows, 1)),
          dl.tidy(() =>
            dl.tensor2d(
              Float32Array.from({ length: rows }, (_, i) => i),
              [rows, 1],
            ),
          ),
        ]) {
          const added = dl.add(zeros, column);
          column.dispose();
          expect(await misplaced(added, (i) => Math.floor(i / columns))).toBe(0);
        }
        zeros.dispose();
        if (rows < 2) continue;
        const part = dl.tidy(() => dl.slice(numbered(rows, columns), [1, 3], [rows - 1, columns - 4]));
        expect(
          await misplaced(
            part,
            (i) => (Math.floor(i / (columns - 4)) + 1) * columns + (i % (columns - 4)) + 3,
          ),
        ).toBe(0);
      }
    });

    it(`are right in a row of ${length} pairs of texels, each with the same added`, async () => {
      const added = dl.tidy(() => dl.add(dl.zeros([3, length, 8]), numbered(8)));
      expect(await misplaced(added, (i) => i % 8)).toBe(0);
    });

    it(`are right in rows of ${length} texels, in a convolution and a product`, async () => {
      const middle = dl.tidy(() => {
        const tap = dl.reshape(dl.eye(4), [1, 1, 4, 4]);
        const filter = dl.concat([dl.zerosLike(tap), tap, dl.zerosLike(tap)], 1);
        return dl.conv2d(numbered(1, 3, length, 4), filter, 1, 'same');
      });
      expect(await misplaced(middle, (i) => i)).toBe(0);
      const last = dl.tidy(() =>
        dl.matMul(dl.oneHot(dl.tensor1d([2, 0], 'int32'), 3), numbered(3, 4 * length)),
      );
      expect(await misplaced(last, (i) => (i < 4 * length ? 2 * 4 * length + i : i - 4 * length))).toBe(0);
    });
  }
});
