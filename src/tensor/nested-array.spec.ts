import { flattenNested, shapeOfNested, toNestedArray } from './nested-array';

describe('toNestedArray', () => {
  const nested = (shape: number[], values: number[]): unknown => toNestedArray(shape, values);

  it('nests row-major values', () => {
    expect(nested([], [5])).toBe(5);
    expect(nested([2, 3], [1, 2, 3, 4, 5, 6])).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(nested([2, 0], [])).toEqual([[], []]);
    expect(nested([0, 2], [])).toEqual([]);
  });
});

describe('shapeOfNested', () => {
  it('measures', () => {
    expect(shapeOfNested('op', 1)).toEqual([]);
    expect(shapeOfNested('op', [[1], [2], [3]])).toEqual([3, 1]);
    expect(shapeOfNested('op', [new Float32Array(4)])).toEqual([1, 4]);
    expect(shapeOfNested('op', [[], []])).toEqual([2, 0]);
  });

  it('says where values are ragged', () => {
    expect(() => shapeOfNested('op', [[[1, 2]], [[3]]])).toThrowError(
      "op: argument 'values' is ragged: at [1][0] found an array of 1; wanted one of 2",
    );
    expect(() => shapeOfNested('op', [1, [2]])).toThrowError(/at \[1\] found an array of 1; wanted a number/);
    expect(() => shapeOfNested('op', [[1], 2])).toThrowError(/at \[1\] found 2; wanted an array of 1/);
    expect(() => shapeOfNested('op', [new Float32Array(2), new Float32Array(3)])).toThrowError(/at \[1\]/);
  });
});

describe('flattenNested', () => {
  it('copies row-major, booleans as 0 and 1', () => {
    const out = new Float32Array(6);
    flattenNested([[1, true], new Float32Array([3, 4]), [false, 6]], out);
    expect([...out]).toEqual([1, 1, 3, 4, 0, 6]);
  });
});
