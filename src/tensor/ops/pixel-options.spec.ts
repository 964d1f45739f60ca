import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';
import type { Reference } from '../../../test/support/reference';

/** A picture whose bytes differ from pixel to pixel, with alpha. */
function picture(height: number, width: number): dl.PixelData {
  const data = Uint8ClampedArray.from(
    { length: height * width * 4 },
    (_, i) => (i * 97 + (i >> 3) * 31) % 256,
  );
  return { data, width, height };
}

/** A tensor's values, to compare with. */
const of = (x: dl.Tensor): Reference => ({ shape: [...x.shape], values: [...x.dataSync()] });

const whole = (pixels: dl.PixelData, channels = 3): dl.Tensor3D =>
  dl.fromPixels(pixels, { channels, dtype: 'float32' });

describe('the options of fromPixels', () => {
  const sizes = [
    [1, 1],
    [2, 3],
    [5, 7],
  ] as const;

  it('leave the bytes as they are where they ask for nothing', () => {
    for (const [height, width] of sizes) {
      const pixels = picture(height, width);
      for (const channels of [1, 2, 3, 4]) {
        dl.tidy(() => {
          const x = dl.fromPixels(pixels, { channels });
          expect(x.dtype).toBe('int32');
          const values = [...pixels.data].filter((_, i) => i % 4 < channels);
          expectExact(x, { shape: [height, width, channels], values });
        });
      }
    }
  });

  it('give a picture that keeps its size what they give a part of a larger one', async () => {
    for (const [height, width] of sizes) {
      const pixels = picture(height, width);
      // The same pixels, with a row above and a column to the left that the crop leaves out.
      const data = new Uint8ClampedArray((height + 1) * (width + 1) * 4).fill(77);
      for (let row = 0; row < height; row++)
        data.set(
          pixels.data.subarray(row * width * 4, (row + 1) * width * 4),
          ((row + 1) * (width + 1) + 1) * 4,
        );
      const larger = { data, width: width + 1, height: height + 1 };
      const crop = [1, 1, height, width] as const;
      const each: dl.PixelOptions[] = [
        {},
        { dtype: 'float32' },
        { normalize: '0..1' },
        { normalize: '-1..1', antialias: true },
        { size: [height, width], normalize: [0.3, 0.7] },
      ];
      for (const options of each)
        for (const channels of [1, 2, 3, 4]) {
          const found = dl.fromPixels(pixels, { ...options, channels });
          const wanted = dl.fromPixels(larger, { ...options, channels, crop });
          expect(found.dtype).toBe(wanted.dtype);
          expect(found.shape).toEqual([height, width, channels]);
          expectExact(
            await found.data(),
            [...(await wanted.data())],
            JSON.stringify({ ...options, channels }),
          );
          dl.dispose([found, wanted]);
        }
      const normalize = [
        [0.1, 0.2, 0.3],
        [0.4, 0.5, 0.6],
      ] as const;
      const [found, wanted] = [
        dl.fromPixels(pixels, { normalize }),
        dl.fromPixels(larger, { normalize, crop }),
      ];
      expectExact(await found.data(), [...(await wanted.data())]);
      dl.dispose([found, wanted]);
    }
  });

  it('crop', () => {
    dl.tidy(() => {
      const pixels = picture(5, 7);
      const x = dl.fromPixels(pixels, { crop: [1, 2, 3, 4] });
      expectExact(x, of(whole(pixels).slice([1, 2, 0], [3, 4, 3])));
    });
  });

  it('turn clockwise, and mirror what is turned', () => {
    for (const [height, width] of sizes) {
      dl.tidy(() => {
        const pixels = picture(height, width);
        const x = whole(pixels);
        const quarter = (image: dl.Tensor3D): dl.Tensor3D => image.transpose([1, 0, 2]).reverse(1);
        let turned = x;
        for (const rotate of [0, 90, 180, 270] as const) {
          const options = { rotate, dtype: 'float32' } as const;
          expectExact(dl.fromPixels(pixels, options), of(turned));
          expectExact(dl.fromPixels(pixels, { ...options, mirror: true }), of(turned.reverse(1)));
          turned = quarter(turned);
        }
      });
    }
  });

  it('scale as resizeBilinear does with half-pixel centers, up and down', () => {
    for (const size of [
      [1, 1],
      [3, 4],
      [10, 14],
      [11, 3],
    ] as const) {
      dl.tidy(() => {
        const pixels = picture(5, 7);
        const wanted = dl.image.resizeBilinear(whole(pixels, 4), [...size], false, true);
        const x = dl.fromPixels(pixels, { size, channels: 4, dtype: 'float32' });
        expectClose(x, of(wanted), 1e-4);
        const rounded = dl.fromPixels(pixels, { size, channels: 4 });
        expect(rounded.sub(x).abs().max().dataSync()[0]).toBeLessThan(0.501);
      });
    }
  });

  it('crop, turn, mirror and scale, in this order', () => {
    dl.tidy(() => {
      const pixels = picture(9, 8);
      const part = whole(pixels).slice([2, 1, 0], [6, 5, 3]);
      const turned = part.transpose([1, 0, 2]).reverse(1).reverse(1);
      const wanted = dl.image.resizeBilinear(turned, [3, 4], false, true);
      const x = dl.fromPixels(pixels, {
        crop: [2, 1, 6, 5],
        rotate: 90,
        mirror: true,
        size: [3, 4],
        dtype: 'float32',
      });
      expectClose(x, of(wanted), 1e-4);
    });
  });

  it('blend all pixels where antialias is true', () => {
    dl.tidy(() => {
      // One row: at a third of the width, a result adds up five pixels, by weights 1/3, 2/3, 1, 2/3, 1/3, and those that there are at the ends.
      const shades = [0, 30, 90, 240, 10, 60, 120, 200, 250];
      const data = Uint8ClampedArray.from(shades.flatMap((shade) => [shade, shade, shade, 255]));
      const x = dl.fromPixels(
        { data, width: 9, height: 1 },
        { size: [1, 3], channels: 1, antialias: true, dtype: 'float32' },
      );
      const wanted = [1, 4, 7].map((center) => {
        let [sum, weight] = [0, 0];
        shades.forEach((shade, i) => {
          const share = Math.max(0, 1 - Math.abs(i - center) / 3);
          sum += share * shade;
          weight += share;
        });
        return sum / weight;
      });
      expectClose(x.flatten(), wanted, 1e-4);
      // A picture that is made larger is the same with and without it.
      const larger = { size: [3, 20], dtype: 'float32' } as const;
      expectClose(
        dl.fromPixels(picture(2, 9), { ...larger, antialias: true }),
        of(dl.fromPixels(picture(2, 9), larger)),
      );
    });
  });

  it('normalise, by numbers for all channels or for each', () => {
    dl.tidy(() => {
      const data = new Uint8Array([0, 255, 51, 255]);
      const pixel = { data, width: 1, height: 1 };
      const values = (normalize: dl.PixelOptions['normalize'], channels = 3): number[] => {
        const x = dl.fromPixels(pixel, { normalize, channels });
        expect(x.dtype).toBe('float32');
        return [...x.dataSync()];
      };
      expect(values('0..1').slice(0, 2)).toEqual([0, 1]);
      expect(values('0..1')[2]).toBeCloseTo(0.2, 6);
      expect(values('-1..1', 2)).toEqual([-1, 1]);
      expectClose(dl.tensor1d(values([0.5, 0.25])), [-2, 2, -1.2]);
      expectClose(
        dl.tensor1d(
          values([
            [0.5, 0, 0.1],
            [0.25, 1, 2],
          ]),
        ),
        [-2, 1, 0.05],
      );
      expectClose(dl.tensor1d(values([[0, 0.5], 0.5], 2)), [0, 1]);
    });
  });

  it('work on an empty picture', () => {
    const nothing = { data: new Uint8Array(0), width: 0, height: 0 };
    const x = dl.fromPixels(nothing, { channels: 4, normalize: '0..1' });
    expect(x.shape).toEqual([0, 0, 4]);
    x.dispose();
  });

  it('are refused when they are wrong, with what is wanted', async () => {
    const wrong: [options: object, message: RegExp][] = [
      [{ size: [0, 3] }, /option 'size' is \[0,3\]; wanted \[height, width\], positive integers/],
      [{ crop: [0, 0, 0, 1] }, /option 'crop' is \[0,0,0,1\]; wanted \[top, left, height, width\], integers/],
      [{ crop: [1, 0, 2, 1] }, /option 'crop' is \[1,0,2,1\]; wanted .* within the picture of 2 × 3 pixels/],
      [{ crop: [0, 3, 1, 1] }, /within the picture of 2 × 3 pixels/],
      [{ channels: 5 }, /option 'channels' is 5; wanted an integer from 1 to 4/],
      [{ normalize: '0..2' }, /option 'normalize' is '0\.\.2'; wanted '0\.\.1', '-1\.\.1', or \[mean, std\]/],
      [{ normalize: [0, 0] }, /no std of 0/],
      [{ normalize: [0, [1, 0, 1]] }, /no std of 0/],
      [{ normalize: [[1, 2], 1] }, /option 'normalize' is \[\[1,2\],1\]; wanted .* or one for each channel/],
      [{ normalize: [NaN, 1] }, /a finite number/],
      [{ dtype: 'bool' }, /option 'dtype' is 'bool'; wanted 'float32', or 'int32' without 'normalize'/],
      [
        { dtype: 'int32', normalize: '0..1' },
        /option 'dtype' is 'int32'; wanted 'float32', or 'int32' without 'normalize'/,
      ],
      [{ mirror: 1 }, /option 'mirror' is 1; wanted one of true, false/],
      [{ rotate: 45 }, /option 'rotate' is 45; wanted one of 0, 90, 180, 270/],
      [{ antialias: 'yes' }, /option 'antialias' is 'yes'/],
      [{ flip: true }, /there is no option 'flip'/],
    ];
    for (const [options, message] of wrong) {
      expect(() => dl.fromPixels(picture(2, 3), options as dl.PixelOptions)).toThrowError(message);
      await expectAsync(dl.fromPixelsAsync(picture(2, 3), options as dl.PixelOptions)).toBeRejectedWithError(
        message,
      );
    }
  });
});
