import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../../test/support/close';
import { at, build, sample, toTensor, type Reference } from '../../../../test/support/reference';

type Place = readonly [y: number, x: number] | null;
type FillMode = 'constant' | 'reflect' | 'wrap' | 'nearest';

/** What is seen at a place of one image: the mean of its neighbours by distance, or the nearest. */
function seen(
  image: Reference,
  n: number,
  channel: number,
  place: Place,
  method: 'nearest' | 'bilinear',
  fill: number,
): number {
  if (!place) return fill;
  const [, height, width] = image.shape as [number, number, number];
  const pixel = (row: number, column: number): number =>
    row >= 0 && row < height && column >= 0 && column < width ? at(image, [n, row, column, channel]) : fill;
  const [y, x] = place;
  if (method === 'nearest') return pixel(Math.round(y), Math.round(x));
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [a, b] = [y - top, x - left];
  const upper = (1 - b) * pixel(top, left) + (b > 0 ? b * pixel(top, left + 1) : 0);
  return (
    (1 - a) * upper +
    (a > 0 ? a * ((1 - b) * pixel(top + 1, left) + (b > 0 ? b * pixel(top + 1, left + 1) : 0)) : 0)
  );
}

describe('cropAndResize', () => {
  const boxes = [
    [0, 0, 1, 1],
    [0.125, 0.25, 0.75, 1],
    [1, 0.9, 0.25, 0.1],
    [-0.5, 0.25, 0.5, 1.5],
    [0.3, 0.3, 0.3, 0.3],
  ];
  const which = [0, 1, 1, 0, 1];
  for (const method of ['bilinear', 'nearest'] as const) {
    for (const [height, width] of [
      [2, 2],
      [5, 3],
      [1, 4],
      [3, 1],
    ] as const) {
      it(`cuts boxes out and brings them to ${height} × ${width}, ${method}`, () => {
        // 1 more than a power of two: the places of the boxes are exact, on either side of the border too.
        const x = sample([2, 5, 9, 3], 6);
        const along = (first: number, last: number, extent: number, i: number, count: number): number =>
          (count > 1 ? first + ((last - first) * i) / (count - 1) : (first + last) / 2) * (extent - 1);
        const wanted = build([boxes.length, height, width, 3], ([k, row, column, c]) => {
          const [top, left, bottom, right] = boxes[k!]!.map(Math.fround) as [number, number, number, number];
          const y = along(top, bottom, 5, row!, height);
          const v = along(left, right, 9, column!, width);
          const inside = y >= 0 && y <= 4 && v >= 0 && v <= 8;
          return seen(x, which[k!]!, c!, inside ? [y, v] : null, method, 0.5);
        });
        dl.tidy(() => {
          const crops: dl.Tensor4D = dl.image.cropAndResize(
            toTensor(x),
            boxes,
            dl.tensor1d(which, 'int32'),
            [height, width],
            method,
            0.5,
          );
          expectClose(crops, wanted, { cpu: 1e-5, webgl: 1e-5 });
        });
      });
    }
  }

  it('shows the whole image for the box of everything, whatever the size', () => {
    dl.tidy(() => {
      for (const extent of [2, 3, 7, 30, 99]) {
        const x = dl.ones([1, extent, extent, 1]);
        for (const size of [2, 3, 11, 50]) {
          const crop = dl.image.cropAndResize(x, [[0, 0, 1, 1]], [0], [size, size], 'bilinear', -100);
          expectClose(crop.min(), { shape: [], values: [1] }, 1e-5, `${extent} to ${size}`);
        }
      }
    });
  });

  it('takes the later of two pixels that are equally near', () => {
    dl.tidy(() => {
      // The third step of −0.4375 / 3 from 2.9375 leads to 2.5, between two pixels.
      const x = dl.tensor4d([0, 1, 2, 3, 4], [1, 1, 5, 1]);
      const crop = dl.image.cropAndResize(x, [[0, 0.734375, 0, 0.625]], [0], [1, 4], 'nearest');
      expectExact(crop.flatten(), [3, 3, 3, 3]);
    });
  });

  it('gives zeros for an image that is not there, and float32 for integers', () => {
    dl.tidy(() => {
      const x = dl.ones([1, 2, 2, 1], 'int32');
      const crops = dl.image.cropAndResize(
        x,
        [
          [0, 0, 1, 1],
          [0, 0, 1, 1],
        ],
        [1, -1],
        [1, 2],
        'nearest',
        9,
      );
      expect(crops.dtype).toBe('float32');
      expectExact(crops.flatten(), [0, 0, 0, 0]);
      expect(dl.image.cropAndResize(x, dl.zeros([0, 4]), dl.zeros([0], 'int32'), [3, 2]).shape).toEqual([
        0, 3, 2, 1,
      ]);
    });
  });

  it('refuses what does not fit', () => {
    dl.tidy(() => {
      const { cropAndResize } = dl.image;
      const x = dl.zeros([1, 2, 2, 1]);
      expect(() => cropAndResize([[1]], [[0, 0, 1, 1]], [0], [1, 1])).toThrowError(
        "cropAndResize: argument 'image' has rank 2 (shape [1,1]); wanted rank 4",
      );
      expect(() => cropAndResize(dl.zeros([1, 0, 2, 1]), [[0, 0, 1, 1]], [0], [1, 1])).toThrowError(
        /wanted images of at least one pixel/,
      );
      expect(() => cropAndResize(x, [[0, 0, 1]], [0], [1, 1])).toThrowError(
        /argument 'boxes' has shape \[1,3\]; wanted \[n,4\]/,
      );
      expect(() => cropAndResize(x, [[0, 0, 1, 1]], [0, 0], [1, 1])).toThrowError(
        /wanted int32 of shape \[1\]/,
      );
      expect(() => cropAndResize(x, [[0, 0, 1, 1]], dl.tensor1d([0]), [1, 1])).toThrowError(
        /argument 'boxInd' is float32/,
      );
      expect(() => cropAndResize(x, [[0, 0, 1, 1]], [0], [0, 1])).toThrowError(
        /argument 'cropSize' is \[0,1\]/,
      );
      expect(() => cropAndResize(x, [[0, 0, 1, 1]], [0], [1, 1], 'cubic' as never)).toThrowError(
        /argument 'method' is 'cubic'; wanted 'bilinear' or 'nearest'/,
      );
    });
  });
});

describe('rotateWithOffset', () => {
  for (const [radians, fill, center] of [
    [0.7, 0, 0.5],
    [-2.1, 9, [0.25, 0.75]],
    [Math.PI / 2, [1, 2, 3], 0.5],
    [Math.PI, [1, 2, 3], [0, 1]],
  ] as [number, number | [number, number, number], number | [number, number]][]) {
    it(`by ${radians} around ${String(center)}, with ${String(fill)} outside, shows the nearest pixels`, () => {
      const x = sample([2, 4, 6, 4], 8);
      const [centerX, centerY] = (typeof center === 'number' ? [center, center] : center).map(
        (each, i) => each * [6, 4][i]!,
      );
      const wanted = build([2, 4, 6, 4], ([n, row, column, c]) => {
        const [u, v] = [column! - centerX!, row! - centerY!];
        const place = [
          u * Math.sin(radians) + v * Math.cos(radians) + centerY!,
          u * Math.cos(radians) - v * Math.sin(radians) + centerX!,
        ] as const;
        return seen(x, n!, c!, place, 'nearest', typeof fill === 'number' ? fill : [...fill, 255][c!]!);
      });
      dl.tidy(() => {
        const turned: dl.Tensor4D = dl.image.rotateWithOffset(toTensor(x), radians, fill, center);
        expectExact(turned, wanted);
      });
    });
  }

  it('keeps the dtype', () => {
    dl.tidy(() => {
      const x = dl.tensor4d([1, 2, 3, 4], [1, 2, 2, 1], 'int32');
      const turned = dl.image.rotateWithOffset(x, Math.PI, 7, 0.25);
      expect(turned.dtype).toBe('int32');
      // Around [0.5, 0.5], where four pixels meet, all of them change places.
      expectExact(turned.flatten(), [4, 3, 2, 1]);
    });
  });

  it('refuses an angle that is none', () => {
    const x = dl.zeros<dl.Rank.R4>([1, 2, 2, 1]);
    expect(() => dl.image.rotateWithOffset(x, NaN)).toThrowError(
      /argument 'radians' is NaN; wanted a finite number/,
    );
    expect(() => dl.image.rotateWithOffset([[1]], 1)).toThrowError(/wanted rank 4/);
    x.dispose();
  });
});

describe('transform', () => {
  /** Where a coordinate outside of an axis of n elements comes to lie: TensorFlow's rules, by walking. */
  const inside: Record<FillMode, (v: number, n: number) => number> = {
    constant: (v) => v,
    nearest: (v, n) => Math.min(Math.max(v, 0), n - 1),
    reflect: (v, n) => {
      // abcd → … dcba abcd dcba …
      let w = v;
      while (w < 0) w += 2 * n;
      while (w >= 2 * n) w -= 2 * n;
      return Math.min(Math.max(w < n ? w : 2 * n - 1 - w, 0), n - 1);
    },
    wrap: (v) => v,
  };
  const transforms = [
    [0.9, 0.21, -1.37, -0.13, 1.1, 2.43, 0, 0],
    [1.3, -0.4, 3.1, 0.2, 0.7, -4.37, 0.011, -0.017],
  ];

  for (const method of ['nearest', 'bilinear'] as const) {
    for (const mode of ['constant', 'nearest', 'reflect', 'wrap'] as const) {
      it(`${method}, ${mode}: shows each pixel where the projection sends it`, () => {
        const x = sample([2, 5, 4, 3], 9);
        const repeated = build([2, 9 * 5, 9 * 4, 3], ([n, row, column, c]) =>
          at(x, [n!, row! % 5, column! % 4, c!]),
        );
        const wanted = build([2, 7, 6, 3], ([n, row, column, c]) => {
          const t = transforms[n!]!.map(Math.fround);
          const depth = t[6]! * column! + t[7]! * row! + 1;
          const v = (t[0]! * column! + t[1]! * row! + t[2]!) / depth;
          const y = (t[3]! * column! + t[4]! * row! + t[5]!) / depth;
          if (mode !== 'wrap') return seen(x, n!, c!, [inside[mode](y, 5), inside[mode](v, 4)], method, 0.25);
          // abcd → … abcd abcd abcd …, of which it is seen far from the border.
          return seen(repeated, n!, c!, [y + 4 * 5, v + 4 * 4], method, NaN);
        });
        dl.tidy(() => {
          const result: dl.Tensor4D = dl.image.transform(toTensor(x), transforms, method, mode, 0.25, [7, 6]);
          expectClose(result, wanted, { cpu: 1e-5, webgl: 1e-4 });
        });
      });
    }
  }

  it("repeats, mirrors and extends a row as its 'fillMode' says", () => {
    dl.tidy(() => {
      const row = dl.tensor4d([1, 2, 3], [1, 1, 3, 1]);
      const shifted = (by: number, mode: FillMode): dl.Tensor =>
        dl.image.transform(row, [[1, 0, by, 0, 1, 0, 0, 0]], 'nearest', mode, 9).flatten();
      const wanted: Record<FillMode, Record<number, number[]>> = {
        wrap: {
          [-2]: [2, 3, 1],
          [-1]: [3, 1, 2],
          0: [1, 2, 3],
          1: [2, 3, 1],
          2: [3, 1, 2],
          3: [1, 2, 3],
          [-7]: [3, 1, 2],
        },
        reflect: {
          [-2]: [2, 1, 1],
          [-1]: [1, 1, 2],
          0: [1, 2, 3],
          1: [2, 3, 3],
          2: [3, 3, 2],
          3: [3, 2, 1],
          [-4]: [3, 3, 2],
        },
        nearest: { [-2]: [1, 1, 1], [-1]: [1, 1, 2], 0: [1, 2, 3], 1: [2, 3, 3], 2: [3, 3, 3], 3: [3, 3, 3] },
        constant: {
          [-2]: [9, 9, 1],
          [-1]: [9, 1, 2],
          0: [1, 2, 3],
          1: [2, 3, 9],
          2: [3, 9, 9],
          3: [9, 9, 9],
        },
      };
      for (const [mode, rows] of Object.entries(wanted)) {
        for (const [by, values] of Object.entries(rows)) {
          expectExact(shifted(Number(by), mode as FillMode), values, `${mode} by ${by}`);
        }
      }
      const between = dl.image.transform(row, [[1, 0, -0.5, 0, 1, 0, 0, 0]], 'bilinear', 'wrap').flatten();
      expectExact(between, [2, 1.5, 2.5]);
      // A row of one pixel is the same everywhere.
      const one = dl.image.transform(
        dl.ones([1, 1, 1, 1]),
        [[1, 0, -7.25, 0, 1, 0.5, 0, 0]],
        'bilinear',
        'wrap',
      );
      expectExact(one.flatten(), [1]);
    });
  });

  it('uses one projection for all images, the size of the images, and keeps integers', () => {
    dl.tidy(() => {
      const x = dl.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2, 1], 'int32');
      const moved = dl.image.transform(x, [[1, 0, 1, 0, 1, 0, 0, 0]]);
      expect(moved.dtype).toBe('int32');
      expectExact(moved.flatten(), [2, 0, 4, 0, 6, 0, 8, 0]);
    });
  });

  it('fills what the projection sends nowhere', () => {
    dl.tidy(() => {
      const x = dl.ones<dl.Rank.R4>([1, 1, 3, 1]);
      for (const mode of ['constant', 'nearest', 'reflect', 'wrap'] as const) {
        const seenAt = dl.image.transform(x, [[1, 0, 0, 0, 1, 0, -0.5, 0]], 'nearest', mode, 7).flatten();
        expect(seenAt.dataSync()[2]).withContext(mode).toBe(7);
      }
    });
  });

  it('refuses what does not fit', () => {
    dl.tidy(() => {
      const x = dl.zeros<dl.Rank.R4>([2, 2, 2, 1]);
      const { transform } = dl.image;
      expect(() => transform(x, dl.zeros([3, 8]))).toThrowError(
        "transform: argument 'transforms' has shape [3,8]; wanted [2,8] or [1,8]",
      );
      expect(() => transform(x, dl.zeros([1, 8]), 'cubic' as never)).toThrowError(
        /argument 'interpolation' is 'cubic'/,
      );
      expect(() => transform(x, dl.zeros([1, 8]), 'nearest', 'edge' as never)).toThrowError(
        /argument 'fillMode' is 'edge'/,
      );
      expect(() => transform(x, dl.zeros([1, 8]), 'nearest', 'wrap', 0, [0, 1])).toThrowError(
        /argument 'outputShape' is \[0,1\]/,
      );
    });
  });
});
