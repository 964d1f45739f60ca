import { formatValue, valueDifference } from './value-difference';

const itself: unknown[] = [1];
itself.push(itself);

describe('valueDifference', () => {
  const equal: readonly (readonly [string, unknown, unknown])[] = [
    ['numbers within the tolerance', 1.0001, 1],
    ['large numbers within it, relatively', 100_010, 100_000],
    ['NaN', NaN, NaN],
    ['infinities', -Infinity, -Infinity],
    ['a typed array and an array', new Float32Array([1, 2]), [1, 2]],
    ['nested arrays', [[1], [2, [3]]], [[1], [2, [3]]]],
    ['objects, in any order of their properties', { a: 1, b: [2] }, { b: [2], a: 1 }],
    ['errors of one message', new TypeError('x'), new Error('x')],
    ['undefined', undefined, undefined],
    ['the same map', itself, itself],
  ];
  for (const [name, found, wanted] of equal) {
    it(`finds nothing in ${name}`, () => {
      expect(valueDifference(found, wanted, 1e-3)).toBeNull();
    });
  }

  const different: readonly (readonly [string, unknown, unknown, string])[] = [
    ['numbers', 1.01, 1, ''],
    ['NaN and a number', NaN, 0, ''],
    ['infinities of two signs', Infinity, -Infinity, ''],
    ['a number and its text', 1, '1', ''],
    ['a number and an array', 1, [1], ''],
    ['null and an object', null, {}, ''],
    ['lengths', [1, 2], [1], ''],
    ['an item deep inside', { a: [0, { b: 1 }] }, { a: [0, { b: 2 }] }, '.a[1].b'],
    ['properties', { a: 1, c: 2 }, { a: 1, b: 2 }, ''],
    ['a property more', { a: 1, b: undefined }, { a: 1 }, ''],
    ['errors', new Error('x'), new Error('y'), ''],
    ['an error and its message', new Error('x'), 'x', ''],
    ['maps, which have no properties to compare', new Map([[1, 2]]), new Map([[1, 3]]), ''],
  ];
  for (const [name, found, wanted, path] of different) {
    it(`finds the difference of ${name}`, () => {
      expect(valueDifference(found, wanted, 1e-3)?.path).toBe(path);
    });
  }
});

describe('formatValue', () => {
  it('writes what a reader would', () => {
    expect(
      formatValue({ loss: 0.5, shape: [[1, 2]], name: 'x', none: undefined, raw: new Int32Array([3]) }),
    ).toBe('{loss: 0.5, shape: [[1, 2]], name: "x", none: undefined, raw: [3]}');
    expect(formatValue(new RangeError('far'))).toBe('RangeError: far');
    expect(formatValue(itself)).toBe('[1, (itself)]');
  });

  it('cuts what is too long', () => {
    const text = formatValue(new Float32Array(1000));
    expect(text.length).toBeLessThan(310);
    expect(text.endsWith(' …')).toBeTrue();
  });
});
