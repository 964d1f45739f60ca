import * as dl from 'rxtensor';
import { normalize, type Normalization } from 'rxtensor/vision';

const cases: readonly (readonly [Normalization, number[]])[] = [
  ['0..1', [0, 0.2, 1]],
  ['-1..1', [-1, -0.6, 1]],
  ['0..255', [0, 51, 255]],
  ['imagenet', [-2.117904, -1.142857, 2.64]],
  [
    [0.5, [1, 2, 4]],
    [-0.5, -0.15, 0.125],
  ],
];

describe('normalize', () => {
  for (const [range, wanted] of cases) {
    it(`brings pictures into ${JSON.stringify(range)}`, async () => {
      const [bytes, shares] = [
        dl.tensor3d([0, 51, 255], [1, 1, 3], 'int32'),
        dl.tensor3d([0, 0.2, 1], [1, 1, 3]),
      ];
      for (const picture of [bytes, shares]) {
        const found = normalize(picture, range);
        (await found.data()).forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 4));
        expect([found.dtype, found.shape]).toEqual(['float32', [1, 1, 3]]);
        if (found !== picture) found.dispose();
      }
      dl.dispose([bytes, shares]);
    });
  }

  it('refuses what does not fit the channels', () => {
    const picture = dl.zeros([1, 1, 1]);
    expect(() => normalize(picture, 'imagenet')).toThrowError(
      /normalize: argument 'range' is 'imagenet'; wanted '0\.\.1', .* one for each of 1 channels/,
    );
    expect(() => normalize(picture, [0, 0])).toThrowError(/'range' is \[0,0\]/);
    expect(() => normalize(picture, 'toString' as never)).toThrowError(/'range' is 'toString'/);
    expect(() => normalize(7 as never, '0..1')).toThrowError(/'pictures' is 7; wanted a tensor/);
    picture.dispose();
  });
});
