import type { DataType } from '../kernels';
import { assertDataType, promote, sumType } from './dtype';

describe('promote', () => {
  it('gives the wider of the two', () => {
    const order: DataType[] = ['bool', 'int32', 'float32'];
    order.forEach((a, i) => order.forEach((b, j) => expect(promote(a, b)).toBe(order[Math.max(i, j)]!)));
  });
});

describe('sumType', () => {
  it('counts bool as int32', () => {
    expect(sumType('bool')).toBe('int32');
    expect(sumType('int32')).toBe('int32');
    expect(sumType('float32')).toBe('float32');
  });
});

describe('assertDataType', () => {
  it('knows three', () => {
    for (const dtype of ['float32', 'int32', 'bool']) expect(() => assertDataType('op', dtype)).not.toThrow();
    for (const dtype of ['float64', 3, undefined, null]) {
      expect(() => assertDataType('op', dtype)).toThrowError(
        /op: argument 'dtype' is .*; wanted 'float32', 'int32' or 'bool'/,
      );
    }
  });
});
