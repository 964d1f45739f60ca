import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';

describe('addN', () => {
  it('adds any number of tensors', () => {
    dl.tidy(() => {
      expectExact(dl.addN([[1, 2], [3, 4], [5, 6], dl.tensor1d([0.5, NaN])]), [9.5, NaN]);
      const whole = dl.addN([dl.scalar(2147483646, 'int32'), dl.scalar(1, 'int32')]);
      expect(whole.dtype).toBe('int32');
      expectExact(whole, { shape: [], values: [2147483647] });
      expect(dl.addN([dl.zeros([0, 3]), dl.zeros([0, 3])]).shape as number[]).toEqual([0, 3]);
    });
  });

  it('keeps its digits over a thousand terms, and their order for up to three', () => {
    dl.tidy(() => {
      const tenths = Array.from({ length: 1000 }, () => dl.scalar(0.1));
      expect(Math.abs(dl.addN(tenths).dataSync()[0]! / 100 - 1)).toBeLessThan(1e-6);
      expectExact(dl.addN([1e8, 1, -1e8].map((each) => dl.scalar(each))), { shape: [], values: [0] });
      const slopes = dl.grads((...terms) => dl.addN(terms))(tenths.slice(0, 5));
      for (const slope of slopes) expectExact(slope, { shape: [], values: [1] });
    });
  });

  it('gives a tensor of its own for a single one', () => {
    const x = dl.tensor1d([1, 2]);
    const copy = dl.addN([x]);
    x.dispose();
    expectExact(copy, [1, 2]);
    copy.dispose();
  });

  it('names what is wrong', () => {
    expect(() => dl.addN([])).toThrowError(/addN: argument 'tensors' is \[\]; wanted an array/);
    expect(() => dl.addN([[1, 2], [1]])).toThrowError(
      /addN: argument 'tensors\[1\]' is float32 of shape \[1\]; wanted float32 of shape \[2\], as the first is/,
    );
    expect(() => dl.addN([[1], [true]])).toThrowError(/argument 'tensors\[1\]' is bool of shape/);
    expect(() => dl.addN([[1], 'x' as never])).toThrowError(/addN: argument 'tensors\[1\]' is a string/);
  });
});
