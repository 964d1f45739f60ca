import * as dl from 'rxtensor';
import { of } from 'rxjs';
import { collect, Line } from '../../../test/support/line-fit';

/** The change of slope and offset by one step of gradient descent at rate 1, where the gradient is `(a, b)`. */
function change([a, b]: readonly [number, number], options: dl.TrainStepOptions): number[] {
  const line = new Line(dl.train.sgd(1));
  const { error } = collect(
    of(0).pipe(
      dl.trainStep(line.optimizer, () => dl.add(dl.mul(line.slope, a), dl.mul(line.offset, b)), options),
    ),
  );
  expect(error).toBe('');
  const values = line.values as number[];
  line.dispose();
  return values.map((value) => -value);
}

function expectNear(found: readonly number[], wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 5));
}

describe('trainStep with clipNorm', () => {
  it('scales the gradients of all variables together', () => {
    expectNear(change([3, -4], { clipNorm: 1 }), [0.6, -0.8]);
    expectNear(change([3, -4], { clipNorm: 2.5 }), [1.5, -2]);
  });

  it('leaves shorter ones alone, those of zero too', () => {
    expectNear(change([3, -4], { clipNorm: 5.5 }), [3, -4]);
    expectNear(change([0, 0], { clipNorm: 1 }), [0, 0]);
  });

  it('scales gradients whose squares overflow, or vanish', () => {
    expectNear(change([3e30, -4e30], { clipNorm: 1 }), [0.6, -0.8]);
    expectNear(change([3e38, 0], { clipNorm: 1 }), [1, 0]);
    expectNear(change([3e38, -3e38], { clipNorm: 5 }), [Math.SQRT1_2 * 5, -Math.SQRT1_2 * 5]);
    expectNear(change([1e30, 1], { clipNorm: 2 }), [2, 0]);
    const [a, b] = change([3e-30, -4e-30], { clipNorm: 1e-30 }) as [number, number];
    expectNear([a * 1e30, b * 1e30], [0.6, -0.8]);
    expectNear(
      change([3e-30, 0], { clipNorm: 1 }).map((each) => each * 1e30),
      [3, 0],
    );
  });

  it('lets NaN through to all', () => {
    expect(change([NaN, 1], { clipNorm: 1 })).toEqual([NaN, NaN]);
  });

  it('clips the mean of what was accumulated, not its parts', () => {
    const line = new Line(dl.train.sgd(1));
    collect(
      of(8, -2).pipe(
        dl.trainStep(line.optimizer, (factor: number) => dl.mul(line.slope, factor), {
          accumulate: 2,
          clipNorm: 2,
        }),
      ),
    );
    expectNear(line.values as number[], [-2, 0]); // the mean is 3; of clipped parts it would be 0
    line.dispose();
  });
});

describe('trainStep with clipValue', () => {
  it('clips each element by itself', () => {
    expectNear(change([3, -4], { clipValue: 3.5 }), [3, -3.5]);
    expectNear(change([3, -4], { clipValue: 0.5 }), [0.5, -0.5]);
  });
});

describe('trainStep refuses to clip', () => {
  it('by what is not positive, or in both ways', () => {
    const line = new Line();
    for (const value of [0, -1, NaN, '1' as unknown as number]) {
      expect(() => dl.trainStep(line.optimizer, line.loss, { clipNorm: value })).toThrowError(
        `trainStep: option 'clipNorm' is ${value}; wanted a positive number`,
      );
      expect(() => dl.trainStep(line.optimizer, { clipValue: value })).toThrowError(/option 'clipValue' is/);
    }
    expect(() => dl.trainStep(line.optimizer, { clipNorm: 1, clipValue: 1 })).toThrowError(
      "trainStep: options 'clipNorm' and 'clipValue' were both given; wanted one",
    );
    line.dispose();
  });
});
