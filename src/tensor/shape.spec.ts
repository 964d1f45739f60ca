import {
  assertShape,
  broadcastShape,
  formatShape,
  inferReshape,
  normalizeAxes,
  normalizeAxis,
} from './shape';

describe('broadcastShape', () => {
  it('aligns at the last axis', () => {
    const cases: [number[], number[], number[]][] = [
      [[], [], []],
      [[2], [], [2]],
      [[2, 3], [3], [2, 3]],
      [[2, 1], [3], [2, 3]],
      [[1], [0], [0]],
      [
        [4, 1, 2],
        [1, 3, 1],
        [4, 3, 2],
      ],
      [[1, 1, 1, 1, 1, 2], [2], [1, 1, 1, 1, 1, 2]],
      [
        [0, 3],
        [1, 3],
        [0, 3],
      ],
    ];
    for (const [a, b, wanted] of cases) {
      expect(broadcastShape('op', a, b)).toEqual(wanted);
      expect(broadcastShape('op', b, a)).toEqual(wanted);
    }
  });

  it('names op, shapes and axis where they do not agree', () => {
    expect(() => broadcastShape('add', [2, 3], [4, 3])).toThrowError(
      "add: arguments 'a' and 'b' have shapes [2,3] and [4,3], which cannot be broadcast together: axis -2 is 2 in the first and 4 in the second; wanted equal extents, or a 1",
    );
    expect(() => broadcastShape('add', [0], [2])).toThrowError(/axis -1 is 0 in the first and 2/);
  });
});

describe('normalizeAxis', () => {
  it('counts from the end where negative', () => {
    expect(normalizeAxis('op', 1, 3)).toBe(1);
    expect(normalizeAxis('op', -1, 3)).toBe(2);
    expect(normalizeAxis('op', -3, 3)).toBe(0);
  });

  it('refuses other axes', () => {
    for (const axis of [3, -4, 0.5, NaN]) {
      expect(() => normalizeAxis('sum', axis, 3)).toThrowError(
        new RegExp(`sum: argument 'axis' is ${axis}; wanted an integer in \\[-3, 2\\]`),
      );
    }
    expect(() => normalizeAxis('sum', 0, 0)).toThrowError(/wanted none, the tensor is a scalar/);
  });
});

describe('normalizeAxes', () => {
  it('gives them ascending, all by default', () => {
    expect(normalizeAxes('op', undefined, 3)).toEqual([0, 1, 2]);
    expect(normalizeAxes('op', null, 2)).toEqual([0, 1]);
    expect(normalizeAxes('op', -1, 3)).toEqual([2]);
    expect(normalizeAxes('op', [-1, 0], 3)).toEqual([0, 2]);
    expect(normalizeAxes('op', [], 3)).toEqual([]);
  });

  it('refuses a repeated one', () => {
    expect(() => normalizeAxes('sum', [0, -2], 2)).toThrowError(
      "sum: argument 'axis' names axis 0 twice; wanted each once",
    );
  });
});

describe('inferReshape', () => {
  it('fills in one -1', () => {
    expect(inferReshape('op', [2, -1], 6)).toEqual([2, 3]);
    expect(inferReshape('op', [-1], 0)).toEqual([0]);
    expect(inferReshape('op', [], 1)).toEqual([]);
    expect(inferReshape('op', [0, 4], 0)).toEqual([0, 4]);
  });

  it('refuses sizes that do not agree', () => {
    expect(() => inferReshape('reshape', [2, 2], 6)).toThrowError(
      /reshape: argument 'shape' is \[2,2\], of 4 elements; wanted 6 elements/,
    );
    expect(() => inferReshape('reshape', [4, -1], 6)).toThrowError(
      /for a tensor of 6 elements; wanted a multiple of 4 elements/,
    );
    expect(() => inferReshape('reshape', [0, -1], 0)).toThrowError(/wanted no -1 beside 0/);
    expect(() => inferReshape('reshape', [-1, -1], 6)).toThrowError(/at most one -1/);
    expect(() => inferReshape('reshape', [-2, 3], 6)).toThrowError(/non-negative integers/);
    expect(() => inferReshape('reshape', [1.5], 6)).toThrowError(/non-negative integers/);
  });
});

describe('assertShape and formatShape', () => {
  it('check and write', () => {
    expect(() => assertShape('op', [0, 2])).not.toThrow();
    expect(() => assertShape('op', [NaN])).toThrowError(/op: argument 'shape' is \[NaN\]/);
    expect(() => assertShape('op', 'a' as never)).toThrowError(/wanted an array of non-negative integers/);
    expect(formatShape([2, 3])).toBe('[2,3]');
    expect(formatShape([])).toBe('[]');
  });
});
