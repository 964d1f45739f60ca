import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../../test/support/close';
import { at, build, numbers, sample, toTensor } from '../../../../test/support/reference';

describe('flipLeftRight', () => {
  it('exchanges left and right', () => {
    const x = sample([2, 3, 4, 3]);
    dl.tidy(() =>
      expectExact(
        dl.image.flipLeftRight(toTensor(x)),
        build([2, 3, 4, 3], ([n, row, column, c]) => at(x, [n!, row!, 3 - column!, c!])),
      ),
    );
    expect(() => dl.image.flipLeftRight([1])).toThrowError(/argument 'image' has rank 1/);
  });
});

describe('gray and colours', () => {
  it('grayscaleToRGB repeats the channel', () => {
    dl.tidy(() => {
      const x = dl.tensor3d([5, 16777217], [1, 2, 1], 'int32');
      const colours = dl.image.grayscaleToRGB(x);
      expect(colours.dtype).toBe('int32');
      expect(colours.shape).toEqual([1, 2, 3]);
      expectExact(colours.flatten(), [5, 5, 5, 16777217, 16777217, 16777217]);
      expectExact(dl.image.grayscaleToRGB(dl.zeros([0, 1])), { shape: [0, 3], values: [] });
    });
  });

  it('rgbToGrayscale weighs the channels', () => {
    for (const shape of [[3], [2, 3], [2, 2, 3], [1, 2, 2, 3], [1, 1, 2, 1, 3], [1, 2, 1, 1, 2, 3]].slice(
      1,
    )) {
      const x = sample(shape, 2);
      const wanted = build([...shape.slice(0, -1), 1], (index) => {
        const channel = (c: number): number => at(x, [...index.slice(0, -1), c]);
        return 0.2989 * channel(0) + 0.587 * channel(1) + 0.114 * channel(2);
      });
      dl.tidy(() => expectClose(dl.image.rgbToGrayscale(toTensor(x)), wanted, 1e-6));
    }
    dl.tidy(() => {
      const gray = dl.image.rgbToGrayscale(dl.tensor2d([[100, 200, 50]], [1, 3], 'int32'));
      expect(gray.dtype).toBe('int32');
      expectExact(gray, [[152]]);
    });
  });

  it('refuse other channels', () => {
    expect(() => dl.image.grayscaleToRGB([[1, 2]])).toThrowError(
      "grayscaleToRGB: argument 'image' has shape [1,2]; wanted 1 channels along the last axis",
    );
    expect(() => dl.image.rgbToGrayscale([[1, 2]])).toThrowError(/wanted 3 channels/);
    expect(() => dl.image.rgbToGrayscale(1)).toThrowError(/argument 'image' has rank 0/);
  });
});

describe('threshold', () => {
  /** Otsu's threshold by its definition: all partings tried, sums done anew each time. */
  function otsu(values: readonly number[]): number {
    let best = -1;
    let greatest = 0;
    for (let level = 0; level < 256; level++) {
      const below = values.filter((v) => v <= level);
      const above = values.filter((v) => v > level);
      if (below.length === 0 || above.length === 0) continue;
      const mean = (list: readonly number[]): number => list.reduce((sum, v) => sum + v, 0) / list.length;
      const variance = (below.length * above.length * (mean(below) - mean(above)) ** 2) / values.length ** 2;
      if (variance > greatest * (1 + 1e-9)) {
        greatest = variance;
        best = level;
      }
    }
    return best;
  }

  const next = numbers(12);
  const gray = Array.from({ length: 60 }, (_, i) =>
    Math.floor(i % 3 === 0 ? 180 + 60 * next() : 20 + 70 * next()),
  );

  it('parts gray by a fraction of 255', () => {
    dl.tidy(() => {
      const x = dl.tensor3d(gray, [6, 10, 1]);
      const parted: dl.Tensor3D = dl.image.threshold(x, 'binary', false, 0.3);
      expect(parted.dtype).toBe('int32');
      expect(parted.shape).toEqual([6, 10, 1]);
      expectExact(
        parted.flatten(),
        gray.map((v) => (v > 0.3 * 255 ? 255 : 0)),
      );
      expectExact(
        dl.image.threshold(x, 'binary', true).flatten(),
        gray.map((v) => (v > 127.5 ? 0 : 255)),
      );
    });
  });

  it("finds Otsu's threshold", () => {
    dl.tidy(() => {
      const limit = otsu(gray);
      expect(limit).toBeGreaterThan(80);
      expect(limit).toBeLessThan(185);
      const x = dl.tensor3d(gray, [6, 10, 1]);
      expectExact(
        dl.image.threshold(x, 'otsu').flatten(),
        gray.map((v) => (v > limit ? 255 : 0)),
      );
      expectExact(dl.image.threshold(dl.zeros([2, 2, 1]), 'otsu').flatten(), [255, 255, 255, 255]);
    });
  });

  it('sees the brightness of colours', () => {
    dl.tidy(() => {
      const x = dl.tensor3d([255, 0, 0, 0, 255, 0, 0, 0, 255], [1, 3, 3], 'int32');
      expectExact(dl.image.threshold(x).flatten(), [0, 255, 0]);
    });
  });

  it('refuses what is out of range', () => {
    const { threshold } = dl.image;
    expect(() => threshold([[[1, 2]]])).toThrowError(/wanted 1 or 3 channels/);
    expect(() => threshold([[1, 2]])).toThrowError(/wanted rank 3/);
    expect(() => threshold([[[1]]], 'mean' as never)).toThrowError(/argument 'method' is 'mean'/);
    expect(() => threshold([[[1]]], 'binary', false, 2)).toThrowError(
      /argument 'threshValue' is 2; wanted a number in \[0, 1\]/,
    );
  });
});
