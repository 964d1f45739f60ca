import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';

const bytes = new Uint8Array([10, 20, 30, 255, 40, 50, 60, 128]);
const pixels = { data: bytes, width: 2, height: 1 };

describe('fromPixels', () => {
  it('takes the channels that are asked for', () => {
    dl.tidy(() => {
      const colours: dl.Tensor3D = dl.fromPixels(pixels);
      expect(colours.dtype).toBe('int32');
      expectExact(colours, [
        [
          [10, 20, 30],
          [40, 50, 60],
        ],
      ]);
      expectExact(dl.browser.fromPixels({ data: new Uint8ClampedArray(bytes), width: 1, height: 2 }, 1), [
        [[10]],
        [[40]],
      ]);
      expectExact(dl.fromPixels(pixels, 4).flatten(), [...bytes]);
    });
  });

  it('waits for nothing where there is nothing to wait for', async () => {
    const x = await dl.fromPixelsAsync(pixels, 2);
    expectExact(x, [
      [
        [10, 20],
        [40, 50],
      ],
    ]);
    x.dispose();
  });

  it('refuses what is no picture', async () => {
    expect(() => dl.fromPixels(null as never)).toThrowError(
      /fromPixels: argument 'pixels' is null; wanted ImageData/,
    );
    expect(() => dl.fromPixels({ data: [1, 2] } as never)).toThrowError(/argument 'pixels' is an object/);
    expect(() => dl.fromPixels(pixels, 5)).toThrowError(
      /argument 'numChannels' is 5; wanted an integer from 1 to 4/,
    );
    expect(() => dl.fromPixels({ ...pixels, height: 2 })).toThrowError(
      /has 8 bytes for 2 × 2 pixels; wanted 4 a pixel/,
    );
    await expectAsync(dl.fromPixelsAsync('cat' as never)).toBeRejectedWithError(
      /fromPixelsAsync: argument 'pixels' is 'cat'/,
    );
  });
});

describe('toPixels', () => {
  it('gives bytes of red, green, blue and alpha', async () => {
    const x = dl.fromPixels(pixels, 4);
    const reading = dl.toPixels(x);
    x.dispose();
    expect([...(await reading)]).toEqual([...bytes]);
    expect([...(await dl.browser.toPixels([[[1, 2, 3]]]))]).toEqual([1, 2, 3, 255]);
    expect([...(await dl.toPixels([[7], [8]]))]).toEqual([7, 7, 7, 255, 8, 8, 8, 255]);
  });

  it('reads float32 from 0 to 1, rounded', async () => {
    const gray = dl.tensor3d([0, 0.5, 1], [3, 1, 1]);
    expect([...(await dl.toPixels(gray))].filter((_, i) => i % 4 === 0)).toEqual([0, 128, 255]);
    gray.dispose();
  });

  it('refuses other shapes and values', async () => {
    const cases: [dl.Tensor, RegExp][] = [
      [dl.zeros([1, 1, 2]), /has shape \[1,1,2\]; wanted 1, 3 or 4 channels/],
      [dl.tensor2d([[1.5]]), /holds 1.5; wanted float32 from 0 to 1/],
      [dl.tensor2d([[NaN]]), /holds NaN/],
      [dl.tensor2d([[256]], [1, 1], 'int32'), /holds 256; wanted int32 from 0 to 255/],
      [dl.zeros([1, 1], 'bool'), /is bool; wanted float32 or int32/],
      [dl.zeros([4]), /argument 'img' has rank 1/],
    ];
    for (const [x, message] of cases) {
      await expectAsync(dl.toPixels(x as dl.Tensor2D)).toBeRejectedWithError(message);
      x.dispose();
    }
  });
});
