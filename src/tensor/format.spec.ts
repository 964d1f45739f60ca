import * as dl from 'rxtensor/tensor';
import { formatTensor } from './format';

const text = (values: dl.TensorLike, shape?: number[], dtype?: dl.DataType): string =>
  dl.tidy(() => dl.tensor(values, shape, dtype).toString());

describe('toString', () => {
  it('writes a tensor in nested brackets', () => {
    expect(text(3)).toBe('Tensor\n  3');
    expect(text([1, 2, 3])).toBe('Tensor\n  [1, 2, 3]');
    expect(
      text([
        [1, 2],
        [3, 4],
      ]),
    ).toBe('Tensor\n  [[1, 2],\n   [3, 4]]');
    expect(
      text([
        [[1], [2]],
        [[3], [4]],
      ]),
    ).toBe('Tensor\n  [[[1],\n    [2]],\n\n   [[3],\n    [4]]]');
  });

  it('aligns the columns', () => {
    expect(
      text([
        [1, 20],
        [300, 4],
      ]),
    ).toBe('Tensor\n  [[  1,  20],\n   [300,   4]]');
  });

  it('rounds to what float32 knows', () => {
    expect(text([0.1, 1 / 3, 1e10, 1e-10, -2.5])).toBe(
      'Tensor\n  [0.1, 0.3333333, 10000000000, 1e-10, -2.5]',
    );
  });

  it('writes every dtype and special value', () => {
    expect(text([true, false])).toBe('Tensor\n  [true, false]');
    expect(text([7, -8], [2], 'int32')).toBe('Tensor\n  [7, -8]');
    expect(text([NaN, Infinity, -Infinity])).toBe('Tensor\n  [NaN, Infinity, -Infinity]');
    expect(text([2147483647], [1], 'int32')).toBe('Tensor\n  [2147483647]');
  });

  it('shortens long axes', () => {
    const written = dl.tidy(() => dl.range(0, 100).toString());
    expect(written).toBe('Tensor\n  [0, 1, 2, ..., 97, 98, 99]');
    const rows = dl.tidy(() => dl.zeros([100, 2]).toString());
    expect(rows.split('\n').length).toBe(1 + 7);
  });

  it('writes tensors of no elements', () => {
    expect(text([])).toBe('Tensor\n  []');
    expect(dl.tidy(() => dl.zeros([2, 0]).toString())).toBe('Tensor\n  [[],\n   []]');
  });

  it('tells dtype, rank and shape when asked', () => {
    expect(formatTensor([1, 2], [1, 2], 'int32', true)).toBe(
      'Tensor\n  dtype: int32\n  rank: 2\n  shape: [1,2]\n  values:\n    [[1, 2]]',
    );
  });
});
