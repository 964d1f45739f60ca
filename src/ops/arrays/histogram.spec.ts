import * as dl from 'rxtensor/tensor';
import { histogram } from 'rxtensor/ops';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients } from '../../../test/support/gradient-check';
import { expectSameWhenRecorded } from '../../../test/support/same-when-recorded';
import known from '../../../test/support/numpy/arrays.json';

describe('histogram', () => {
  let tensors: number;
  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  it('gives what NumPy gives', () => {
    dl.tidy(() => {
      for (const { x, bins, range, weights, counts, edges, density } of known.histograms) {
        const options = { bins, range: range as [number, number] | null, weights };
        const found = histogram(x, options);
        expect(found.counts.dtype).toBe(weights ? 'float32' : 'int32');
        if (weights) expectClose(found.counts, counts, 1e-6);
        else expectExact(found.counts, counts);
        expectClose(found.edges, edges, 1e-6);
        // A bin without width has no density.
        const wanted = density.map((value) => value ?? NaN);
        expectClose(histogram(x, { ...options, density: true }).counts, wanted, 1e-6);
      }
    });
  });

  it('has ten bins by default, and takes any shape, integers and nothing', () => {
    dl.tidy(() => {
      const found = histogram(
        dl.tensor2d(
          [
            [0, 10],
            [5, 10],
          ],
          [2, 2],
          'int32',
        ),
      );
      expectExact(found.counts, [1, 0, 0, 0, 0, 1, 0, 0, 0, 2]);
      expectExact(found.edges, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      const none = histogram([], { bins: 2 });
      expectExact(none.counts, [0, 0]);
      expectExact(none.edges, [0, 0.5, 1]);
      expectExact(histogram(3, { bins: 1 }).counts, [1]);
    });
  });

  it('leaves out NaN, and what lies outside', () => {
    dl.tidy(() => {
      const x = [NaN, -Infinity, -1, 0, 1, 2, 3, Infinity];
      expectExact(histogram(x, { bins: 2, range: [0, 2] }).counts, [1, 2]);
      expectExact(histogram(x, { bins: 2 }).counts, [0, 0]);
    });
  });

  it('has gradients of weights', () => {
    const { x, weights } = known.histograms[3]!;
    expectGradients((w) => histogram(x, { bins: 6, weights: w }).counts, [weights!]);
    expectGradients((w) => histogram(x, { bins: 6, weights: w, density: true }).counts, [weights!], {
      step: 2 ** -7,
    });
  });

  it('is recorded', () => {
    expectSameWhenRecorded((x) => histogram(x).counts, [known.histograms[0]!.x]);
    expectSameWhenRecorded((x) => histogram(x).edges, [known.histograms[0]!.x]);
  });

  it('checks its arguments', () => {
    expect(() => histogram([1], { bins: 0 })).toThrowError(
      "histogram: option 'bins' is 0; wanted an integer from 1 to 2²⁴, or two edges or more, finite in float32 and in ascending order",
    );
    expect(() => histogram([1], { bins: 2 ** 40 })).toThrowError(
      /^histogram: option 'bins' is 1099511627776/,
    );
    expect(() => histogram([1], { bins: [0, 1e39] })).toThrowError(/^histogram: option 'bins' is/);
    expect(() => histogram([1], { range: [0, 1e39] })).toThrowError(
      "histogram: option 'range' is [0,1e+39]; wanted two numbers that are finite in float32, the lesser one first, or null",
    );
    expect(() => histogram([1], { bins: [1, 0] })).toThrowError(/^histogram: option 'bins' is/);
    expect(() => histogram([1], { range: [1, 0] })).toThrowError(/^histogram: option 'range' is/);
    expect(() => histogram([1], { density: 1 as never })).toThrowError(/^histogram: option 'density' is 1/);
    expect(() => histogram([1], { weights: [1, 2] })).toThrowError(
      "histogram: option 'weights' has shape [2]; wanted [1], as 'x'",
    );
    expect(() => histogram([1], { normed: true } as never)).toThrowError(
      /^histogram: there is no option 'normed'/,
    );
  });
});
