import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../test/support/close';

/** Methods whose name or order of arguments differs from the function's. */
const ownForms = new Set([
  'toFloat',
  'toInt',
  'toBool',
  'asType',
  'reshapeAs',
  'flatten',
  'asScalar',
  'as1D',
  'as2D',
  'as3D',
  'as4D',
  'as5D',
]);

const classMembers = new Set([
  'constructor',
  'dispose',
  'data',
  'dataSync',
  'array',
  'arraySync',
  'buffer',
  'bufferSync',
  'toString',
  'print',
  'markKept',
  'disposeWith',
  'disposeHidden',
  'end',
  'assertUsable',
]);

describe('chainable methods', () => {
  const methods = Object.entries(Object.getOwnPropertyDescriptors(dl.Tensor.prototype))
    .filter(([name, { value }]) => typeof value === 'function' && !classMembers.has(name))
    .map(([name]) => name);

  it('each is a function of the namespace too', () => {
    const functions: Record<string, unknown> = { ...dl.image, ...dl.linalg, ...dl.losses, ...dl };
    const missing = methods.filter((name) => !ownForms.has(name) && typeof functions[name] !== 'function');
    expect(missing.join(' ')).toBe('');
    expect(methods.length).toBeGreaterThan(100);
  });

  it('are not enumerable, so that a tensor prints as itself', () => {
    dl.tidy(() => {
      const keys: string[] = [];
      for (const key in dl.scalar(1)) keys.push(key);
      expect(keys).not.toContain('add');
    });
  });

  it('give what the functions give', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([
        [1, -2],
        [3, -4],
      ]);
      expectExact(x.add(1), dl.add(x, 1).arraySync());
      expectExact(x.abs().sqrt(), dl.sqrt(dl.abs(x)).arraySync());
      expectExact(x.sum(0, true), [[4, -6]]);
      expectExact(x.transpose(), dl.transpose(x).arraySync());
      expectExact(x.matMul(x, true), dl.matMul(x, x, true).arraySync());
      expectExact(x.matrixTimesVector([1, 1]), [-1, -1]);
      expectExact(dl.tensor1d([1, 1]).vectorTimesMatrix(x), [4, -6]);
      expectExact(dl.tensor1d([1, 2]).diag(), [
        [1, 0],
        [0, 2],
      ]);
      expectExact(x.moments(1).mean, dl.moments(x, 1).mean.arraySync());
      expectExact(x.multinomial(3, 7), dl.multinomial(x, 3, 7).arraySync());
      expectExact(x.clipByValue(-1, 2), [
        [1, -1],
        [2, -1],
      ]);
    });
  });

  it('take where, concat and stack with the tensor first', () => {
    dl.tidy(() => {
      const a = dl.tensor1d([1, 2]);
      const b = dl.tensor1d([3, 4]);
      expectExact(a.where([true, false], b), [1, 4]);
      expectExact(a.concat(b), [1, 2, 3, 4]);
      expectExact(a.concat([b, b]), [1, 2, 3, 4, 3, 4]);
      expectExact(a.concat([5, 6]), [1, 2, 5, 6]);
      expectExact(a.stack(b, 1), [
        [1, 3],
        [2, 4],
      ]);
      expectExact(a.stack([b, a]), [
        [1, 2],
        [3, 4],
        [1, 2],
      ]);
    });
  });

  it('change rank and dtype', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([1.5, -2.5, 0, 3]);
      expect(x.toInt().dtype).toBe('int32');
      expectExact(x.toInt(), [1, -2, 0, 3]);
      expectExact(x.toBool(), [1, 1, 0, 1]);
      expect(x.toInt().toFloat().dtype).toBe('float32');
      expect(x.asType('bool').dtype).toBe('bool');
      expect(x.as2D(2, 2).shape).toEqual([2, 2]);
      expect(x.as3D(1, 2, 2).shape).toEqual([1, 2, 2]);
      expect(x.as4D(1, 2, 1, 2).shape).toEqual([1, 2, 1, 2]);
      expect(x.as5D(1, 2, 1, 2, 1).shape).toEqual([1, 2, 1, 2, 1]);
      expect(x.as2D(2, 2).as1D().shape).toEqual([4]);
      expect(x.as2D(2, 2).flatten().shape).toEqual([4]);
      expect(x.sum().reshapeAs(dl.ones([1, 1])).shape).toEqual([1, 1]);
      expect(dl.tensor1d([7]).asScalar().shape).toEqual([]);
      expect(() => x.asScalar()).toThrowError(/asScalar: the tensor has 4 elements; wanted 1/);
      expect(() => x.as2D(3, 2)).toThrowError(/reshape: .*wanted 4 elements/);
    });
  });
});
