// What ops make of NaN, infinities and the ends of int32, where backends could differ: each is decided once, here and in the kernel table.
import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

const int32 = (values: number[]): dl.Tensor1D => dl.tensor1d(values, 'int32');

describe('at the edge of values,', () => {
  describe('reductions over the first axis', () => {
    it('keep NaN, in every row and whatever the width', () => {
      for (const width of [2, 3, 4, 5, 6, 7, 8, 9, 17, 64]) {
        for (const rows of [2, 7, 8, 9, 17, 130]) {
          for (const at of [0, rows >> 1, rows - 1]) {
            dl.tidy(() => {
              const values = new Float32Array(rows * width).map((_, i) => i % 7);
              values[at * width + width - 1] = NaN;
              const x = dl.tensor2d(values, [rows, width]);
              const context = `${rows} × ${width}, NaN in row ${at}`;
              for (const reduced of [
                dl.max(x, 0),
                dl.min(x, 0),
                dl.norm(x, Infinity, 0),
                dl.norm(x, -Infinity, 0),
              ]) {
                const found = [...reduced.dataSync()];
                expect(found.map(Number.isNaN))
                  .withContext(context)
                  .toEqual(found.map((_, j) => j === width - 1));
              }
            });
          }
        }
      }
      dl.tidy(() => {
        expectExact(
          dl.max(
            dl.tensor2d([
              [NaN, NaN],
              [1, 1],
            ]),
            0,
          ),
          [NaN, NaN],
        );
      });
    });
  });

  describe('int32', () => {
    it('is clipped without losing a digit, to the whole numbers between the bounds', () => {
      dl.tidy(() => {
        expectExact(dl.clipByValue(int32([5, -5, 7]), 0, Infinity), [5, 0, 7]);
        expectExact(dl.clipByValue(int32([5, -5, 7]), -Infinity, Infinity), [5, -5, 7]);
        expectExact(dl.clipByValue(int32([16777217, 0]), -16777217, 16777217), [16777217, 0]);
        expectExact(dl.clipByValue(int32([INT32_MAX, INT32_MIN]), 16777217, 1e30), [INT32_MAX, 16777217]);
        expectExact(dl.clipByValue(int32([-9, 0, 9]), -1.5, 2.5), [-1, 0, 2]);
        expectExact(dl.clipByValue(dl.tensor1d([true, false]), 1, 3), [1, 1]);
        expect(() => dl.clipByValue(int32([1]), 0.2, 0.8)).toThrowError(
          "clipByValue: arguments 'clipValueMin' and 'clipValueMax' are 0.2 and 0.8; " +
            'wanted an int32 between them, as x is int32 (or cast x to float32)',
        );
        expectClose(dl.clipByValue(dl.cast(int32([1]), 'float32'), 0.2, 0.8), [0.8]);
      });
    });

    it('wraps where −2³¹ is divided by −1, and divides by 0 to 0', () => {
      dl.tidy(() => {
        const a = int32([INT32_MIN, INT32_MIN, INT32_MIN, INT32_MAX, -7, 7]);
        const b = int32([-1, 1, 0, -1, -1, 0]);
        expectExact(dl.floorDiv(a, b), [INT32_MIN, INT32_MIN, 0, -INT32_MAX, 7, 0]);
        expectExact(dl.div(a, b), [INT32_MIN, INT32_MIN, 0, -INT32_MAX, 7, 0]);
        expectExact(dl.mod(a, b), [0, 0, 0, 0, 0, 0]);
        expectExact(dl.mod(int32([INT32_MIN, INT32_MAX]), int32([3, INT32_MIN])), [1, -1]);
        expectExact(dl.neg(a).slice(0, 1), [INT32_MIN]);
        expectExact(dl.abs(a).slice(0, 1), [INT32_MIN]);
      });
    });

    it('is counted in steps that are no whole numbers', () => {
      dl.tidy(() => {
        expectExact(dl.range(0, 3, 0.2, 'int32'), [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
        expectExact(dl.range(-1.5, 1.5, 1, 'int32'), [-1, 0, 0]);
        expectExact(dl.range(0, 3, 1, 'bool').sum(), 2);
        expectExact(dl.range(16777217, 16777220, 1, 'int32'), [16777217, 16777218, 16777219]);
      });
    });
  });

  describe('padding', () => {
    it('adds nothing to a convolution, whatever the filter', () => {
      for (const value of [NaN, Infinity, -Infinity]) {
        for (const [inChannels, outChannels] of [
          [1, 1],
          [3, 5],
          [4, 4],
          [4, 8],
        ] as const) {
          dl.tidy(() => {
            // The upper row of the filter: over padding in the first row of y alone.
            const filter = dl.concat(
              [dl.fill([1, 3, inChannels, outChannels], value), dl.ones([2, 3, inChannels, outChannels])],
              0,
            );
            const y = dl.conv2d(dl.ones([1, 5, 5, inChannels]), filter, 1, 'same');
            const context = `${value} ${inChannels} ${outChannels}`;
            const [first, second] = [y.slice([0, 0], [1, 1]), y.slice([0, 1], [1, 1])];
            const row = [4, 6, 6, 6, 4].flatMap((taps) =>
              new Array<number>(outChannels).fill(taps * inChannels),
            );
            expectExact(dl.reshape(first, [-1]), row, context);
            expect([...second.dataSync()].every((each) => Object.is(each, value)))
              .withContext(context)
              .toBeTrue();
          });
        }
      }
    });

    it('adds nothing to a large convolution', () => {
      for (const channels of [3, 4]) {
        dl.tidy(() => {
          const filter = dl.concat([dl.fill([1, 3, channels, 8], Infinity), dl.ones([2, 3, channels, 8])], 0);
          const y = dl.conv2d(dl.ones([1, 32, 64, channels]), filter, 1, 'same');
          const row = Array.from({ length: 64 * 8 }, (_, i) => (i < 8 || i >= 63 * 8 ? 4 : 6) * channels);
          expectExact(dl.reshape(y.slice([0, 0], [1, 1]), [-1]), row);
          expectExact(dl.reshape(y.slice([0, 1], [1, 1]), [-1]), new Array<number>(64 * 8).fill(Infinity));
        });
      }
    });

    it('adds nothing to the gradients of a convolution', () => {
      for (const channels of [1, 3, 4, 8]) {
        dl.tidy(() => {
          const filter = dl.concat(
            [dl.fill([1, 3, channels, channels], NaN), dl.ones([2, 3, channels, channels])],
            0,
          );
          const x = dl.ones([2, 5, 5, channels]);
          // dx of the last row meets the upper row of the filter through an output below the image.
          const dx = dl.grad((each: dl.Tensor) => dl.conv2d(each, filter, 1, 'same'))(x);
          const last = dl.reshape(dx.slice([0, 4], [2, 1]), [-1]);
          expect([...last.dataSync()].some(Number.isNaN))
            .withContext(`dx, ${channels}`)
            .toBeFalse();
          expect([...dx.slice([0, 0], [2, 4]).dataSync()].every(Number.isNaN))
            .withContext(`dx, ${channels}`)
            .toBeTrue();
          // A NaN of dy in the corner: taps of the upper row and of the left column meet padding there.
          const corner = dl.tensor4d([NaN, ...new Array<number>(5 * 5 - 1).fill(1)], [1, 5, 5, 1]);
          const dy = dl.broadcastTo(corner, [2, 5, 5, channels]);
          const df = dl.grad((each: dl.Tensor) => dl.mul(dl.conv2d(x, each as dl.Tensor4D, 1, 'same'), dy))(
            filter,
          );
          const isNaN = [...dl.reshape(df, [9, -1]).slice([0, 0], [9, 1]).dataSync()].map(Number.isNaN);
          expect(isNaN)
            .withContext(`df, ${channels}`)
            .toEqual([false, false, false, false, true, true, false, true, true]);
        });
      }
    });

    it('alone under a window averages to 0 and has −∞ for its greatest', () => {
      dl.tidy(() => {
        const x = dl.ones<dl.Rank.R4>([1, 2, 2, 4]);
        const around: dl.ExplicitPadding = [
          [0, 0],
          [2, 2],
          [2, 2],
          [0, 0],
        ];
        expectExact(dl.avgPool(x, 2, 2, around).slice(0, 1).flatten().slice(0, 4), [0, 0, 0, 0]);
        expectExact(dl.maxPool(x, 2, 2, around).flatten().slice(0, 4), new Array<number>(4).fill(-Infinity));
      });
    });
  });

  describe('softmax', () => {
    it('of a row whose greatest is infinite is NaN, as ∞ / ∞ and 0 / 0 are', () => {
      dl.tidy(() => {
        const none = [NaN, NaN, NaN];
        for (const length of [3, 8, 33, 70]) {
          const behind = new Array<number>(length - 3).fill(0);
          for (const row of [
            [1, Infinity, 2],
            [Infinity, Infinity, 2],
            [1, NaN, 2],
          ]) {
            expectExact(dl.softmax([...row, ...behind]).slice(0, 3), none, `softmax ${row} of ${length}`);
            expectExact(
              dl.logSoftmax([...row, ...behind]).slice(0, 3),
              none,
              `logSoftmax ${row} of ${length}`,
            );
          }
          expectExact(dl.softmax(new Array<number>(length).fill(-Infinity)).slice(0, 3), none);
          expectClose(
            dl.softmax([1, -Infinity, 1, ...behind.map(() => -Infinity)]).slice(0, 3),
            [0.5, 0, 0.5],
          );
        }
      });
    });
  });

  describe('batchNorm', () => {
    it('with a deviation of 0 is infinite, and NaN at the mean', () => {
      dl.tidy(() => {
        for (const period of [2, 4, 5]) {
          const repeated = (value: number): dl.Tensor1D => dl.fill([period], value);
          const x = dl.broadcastTo<dl.Rank.R2>(dl.tensor2d([[1], [2], [3]]), [3, period]);
          const y = dl.batchNorm(x, repeated(2), repeated(0), repeated(5), repeated(0.5), 0);
          expectExact(dl.transpose(y).slice([0, 0], [1, 3]).flatten(), [-Infinity, NaN, Infinity]);
        }
      });
    });

    it('with infinite inputs is (x − mean) · scale / deviation + offset', () => {
      dl.tidy(() => {
        const one = dl.ones([4]);
        const x = dl.tensor2d([[Infinity, -Infinity, NaN, 1]]);
        expectExact(dl.batchNorm(x, one, one, one, one, 0), [[Infinity, -Infinity, NaN, 1]]);
        const mean = dl.tensor1d([Infinity, Infinity, 0, -Infinity]);
        expectExact(dl.batchNorm(x, mean, one, one, one, 0), [[NaN, -Infinity, NaN, Infinity]]);
      });
    });
  });

  describe('image.transform', () => {
    it('fills what infinite coefficients send nowhere', () => {
      const modes = ['constant', 'reflect', 'wrap', 'nearest'] as const;
      for (const coefficient of [Infinity, -Infinity, NaN]) {
        for (const mode of modes) {
          for (const interpolation of ['nearest', 'bilinear'] as const) {
            dl.tidy(() => {
              const image = dl.reshape<dl.Rank.R4>(dl.range(1, 10), [1, 3, 3, 1]);
              const transforms = dl.tensor2d([[1, 0, coefficient, 0, 1, 0, 0, 0]]);
              const y = dl.image.transform(image, transforms, interpolation, mode, 7);
              expectExact(
                dl.reshape(y, [9]),
                new Array<number>(9).fill(7),
                `${coefficient} ${mode} ${interpolation}`,
              );
            });
          }
        }
      }
    });
  });

  describe('optimizers', () => {
    it('do not lose NaN', () => {
      for (const optimizer of [
        dl.train.adamax(0.1),
        dl.train.rmsprop(0.1, 0.9, 0, 1e-7, true),
        dl.train.adam(0.1),
      ]) {
        dl.tidy(() => {
          const v = dl.variable(dl.tensor1d([1, 2, 3, 4, 5]));
          for (let step = 0; step < 2; step++) {
            optimizer.minimize(() => dl.sum<dl.Scalar>(dl.mul(v, dl.tensor1d([1, NaN, 1, 1, NaN]))));
          }
          expect([...v.dataSync()].map(Number.isNaN)).toEqual([false, true, false, false, true]);
          v.dispose();
        });
        optimizer.dispose();
      }
    });
  });
});
