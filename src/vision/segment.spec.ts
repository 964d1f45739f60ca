import { near } from '../../test/support/near';
import * as dl from 'rxtensor';
import { lastValueFrom, map, of, toArray } from 'rxjs';
import { segment, type SegmentOptions } from 'rxtensor/vision';

/** The right half is the person. */
const right = (picture: dl.Tensor3D): Promise<dl.Tensor2D> => {
  const [height, width] = picture.shape;
  return Promise.resolve(
    dl.tidy(() => dl.concat<dl.Tensor2D>([dl.zeros([height, width / 2]), dl.ones([height, width / 2])], 1)),
  );
};

/** What a picture becomes, row by row, and what is beside it. */
async function segmented(
  make: () => dl.Tensor3D,
  options: SegmentOptions,
  find = right,
): Promise<{ rows: number[][]; dtype: string; mask: readonly number[] }> {
  const pictures = dl.examples([0]).pipe(
    dl.mapTensor(make),
    segment(find, options),
    dl.mapTensorAsync(async ({ picture, mask, time }) => {
      expect(time).toBeGreaterThan(Date.now() - 60_000);
      const values = [...(await picture.data())];
      const width = values.length / picture.shape[0];
      const rows = Array.from({ length: picture.shape[0] }, (_, row) =>
        values.slice(row * width, (row + 1) * width),
      );
      return { rows, dtype: picture.dtype, mask: mask.shape };
    }),
  );
  return lastValueFrom(pictures);
}

describe('segment', () => {
  it('puts the middle of an image behind the person', async () => {
    const image = dl.tensor3d([0, 51, 102, 153, 204, 255], [1, 6, 1], 'int32');
    // 2 × 4 pixels: as much of the image as fills them is its middle, two by one.
    const { rows, dtype, mask } = await segmented(() => dl.fill<dl.Rank.R3>([2, 4, 1], 0.1), {
      background: image,
    });
    image.dispose();
    expect([dtype, mask]).toEqual(['float32', [2, 4]]);
    for (const row of rows) {
      expect(row.slice(2)).toEqual([near(0.1), near(0.1)]);
      expect(row[0]!).toBeLessThan(row[1]!);
      expect(row[0]!).toBeGreaterThan(0.3);
      expect(row[1]!).toBeLessThan(0.6);
    }
  });

  it('takes bytes, and gives floats', async () => {
    const image = dl.zeros<dl.Rank.R3>([4, 4, 1]);
    const picture = (): dl.Tensor3D => dl.fill<dl.Rank.R3>([2, 2, 1], 51, 'int32');
    const { rows } = await segmented(picture, { background: image });
    image.dispose();
    expect(rows).toEqual([
      [0, near(0.2)],
      [0, near(0.2)],
    ]);
  });

  // The stripes are eight pixels wide, the person is white.
  const striped = (): dl.Tensor3D =>
    dl.tidy(() => {
      const columns = Array.from({ length: 64 }, (_, x) =>
        x >= 32 ? 1 : Math.floor(x / 8) % 2 === 0 ? 0.2 : 0.4,
      );
      return dl.tensor3d(columns, [1, 64, 1]).tile<dl.Tensor3D>([48, 1, 1]);
    });

  for (const blur of [1.5, 8, 20])
    it(`blurs what is behind by ${blur} pixels, and nothing of the person bleeds into it`, async () => {
      const { rows } = await segmented(striped, { background: 'blur', blur });
      for (const row of [rows[0]!, rows[24]!, rows[47]!]) {
        expect(row.slice(32).every((value) => Math.abs(value - 1) < 1e-5)).toBeTrue();
        const behind = row.slice(0, 32);
        expect(Math.max(...behind)).toBeLessThan(0.4005);
        expect(Math.min(...behind)).toBeGreaterThan(0.1995);
        const contrast = Math.max(...behind) - Math.min(...behind);
        if (blur === 1.5) expect(contrast).toBeGreaterThan(0.15);
        else expect(contrast).toBeLessThan(0.12);
      }
      // What is the same in all rows stays so.
      expect(rows[0]).toEqual(rows[24]!.map((value) => near(value)));
    });

  it('is symmetric: a Gaussian around each pixel', async () => {
    const dot = (): dl.Tensor3D =>
      dl.tidy(() =>
        dl
          .oneHot(dl.tensor1d([20], 'int32'), 41)
          .cast('float32')
          .reshape<dl.Tensor3D>([1, 41, 1])
          .tile<dl.Tensor3D>([41, 1, 1]),
      );
    const nobody = (): Promise<dl.Tensor2D> => Promise.resolve(dl.zeros([41, 41]));
    const { rows } = await segmented(dot, { background: 'blur', blur: 3 }, nobody);
    const row = rows[20]!;
    expect(row).toEqual([...row].reverse().map((value) => near(value)));
    const gauss = (x: number): number => Math.exp(-(x * x) / 18) / (3 * Math.sqrt(2 * Math.PI));
    for (const x of [0, 2, 4, 6]) expect(row[20 + x]!).toBeCloseTo(gauss(x), 2);
  });

  it('adds the mask alone where no background is given', async () => {
    const { rows, mask } = await segmented(() => dl.fill<dl.Rank.R3>([1, 2, 1], 0.5), {});
    expect([rows, mask]).toEqual([[[0.5, 0.5]], [1, 2]]);
  });

  it('follows a stream, and leaves nothing behind', async () => {
    const before = dl.memory().numTensors;
    const counts = dl.examples(Array.from({ length: 32 }, (_, i) => i / 32)).pipe(
      dl.mapTensor((shade) => dl.fill<dl.Rank.R3>([8, 8, 3], shade)),
      segment(right, { background: 'blur', blur: 2 }),
      map(() => dl.memory().numTensors - before),
      toArray(),
    );
    const all = await lastValueFrom(counts);
    // The picture as it came, the mask, and the picture that is made, of two values at once.
    expect(Math.max(...all)).toBeLessThanOrEqual(6);
  });

  it('says what does not fit', async () => {
    expect(() => segment(3 as never)).toThrowError(
      "segment: argument 'find' is 3; wanted a function, as segmenter() gives",
    );
    expect(() => segment(right, { background: 'blurred' as never })).toThrowError(
      "segment: option 'background' is 'blurred'; wanted 'blur', or an image, a tensor [height, width, channels]",
    );
    expect(() => segment(right, { blur: 0 })).toThrowError(
      /option 'blur' is 0; wanted a positive number of pixels/,
    );
    const picture = (): dl.Tensor3D => dl.zeros([2, 2, 3]);
    const image = dl.zeros<dl.Rank.R3>([2, 2, 1]);
    await expectAsync(segmented(picture, { background: image })).toBeRejectedWithError(
      "segment: option 'background' has shape [2,2,1] and the picture [2,2,3]; wanted as many channels",
    );
    image.dispose();
    const small = (): Promise<dl.Tensor2D> => Promise.resolve(dl.zeros([1, 1]));
    await expectAsync(segmented(picture, { background: 'blur' }, small)).toBeRejectedWithError(
      "segment: 'find' gives a mask of shape [1,1]; wanted [2,2], as the picture, which segmenter() gives",
    );
    const none = (): Promise<never> => Promise.resolve(undefined as never);
    await expectAsync(segmented(picture, { background: 'blur' }, none)).toBeRejectedWithError(
      /segment: 'find' gives no tensor; wanted \[2,2\]/,
    );
    const failing = (): Promise<never> => Promise.reject(new Error('no model'));
    await expectAsync(segmented(picture, {}, failing)).toBeRejectedWithError('no model');
    await expectAsync(
      lastValueFrom(of(3 as unknown as dl.Tensor3D).pipe(segment(right))),
    ).toBeRejectedWithError(/segment: argument 'picture' is 3/);
  });
});
