import * as dl from 'rxtensor/tensor';
import { forEachTensor, isPlainObject, isPromise, mapContainer, tensorsIn } from './container';

describe('tensorsIn', () => {
  it('finds each tensor once, in order', () => {
    dl.tidy(() => {
      const a = dl.scalar(1);
      const b = dl.scalar(2);
      expect(tensorsIn(a)).toEqual([a]);
      expect(
        tensorsIn([b, { x: a, y: [b, { z: a }] }, 3, 'a', null, undefined, new Float32Array(2)]),
      ).toEqual([b, a]);
      expect(tensorsIn(7)).toEqual([]);
    });
  });

  it('follows cycles once', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle, { cycle });
    expect(tensorsIn(cycle)).toEqual([]);
  });

  it('does not look into instances of classes', () => {
    dl.tidy(() => {
      class Model {
        weights = dl.scalar(1);
      }
      expect(tensorsIn(new Model())).toEqual([]);
      expect(tensorsIn(new Map([['a', dl.scalar(1)]]))).toEqual([]);
    });
  });
});

describe('mapContainer', () => {
  it('replaces tensors in a copy', () => {
    dl.tidy(() => {
      const a = dl.scalar(1);
      const b = dl.scalar(2);
      const values = new Float32Array(1);
      const given = { a, list: [a, 1, 'x', null], values, nested: { b } };
      const copy = mapContainer(given, (x) => (x === a ? b : a));
      expect(copy).not.toBe(given);
      expect(copy.a).toBe(b);
      expect(copy.list).toEqual([b, 1, 'x', null]);
      expect(copy.values).toBe(values);
      expect(copy.nested.b).toBe(a);
      expect(given.a).toBe(a);
      expect(mapContainer(a, () => b)).toBe(b);
      expect(mapContainer(5, () => b)).toBe(5);
    });
  });

  it('calls once for a tensor that is there twice, and keeps cycles', () => {
    dl.tidy(() => {
      const x = dl.scalar(1);
      interface Loop {
        x: dl.Tensor;
        y: dl.Tensor;
        self?: Loop;
      }
      const loop: Loop = { x, y: x };
      loop.self = loop;
      let calls = 0;
      const copy = mapContainer(loop, (tensor) => {
        calls++;
        return tensor.clone();
      });
      expect(calls).toBe(1);
      expect(copy.x).toBe(copy.y);
      expect(copy.self).toBe(copy);
    });
  });
});

describe('forEachTensor', () => {
  it('visits a tensor by itself', () => {
    dl.tidy(() => {
      const visit = jasmine.createSpy();
      const x = dl.scalar(1);
      forEachTensor(x, visit);
      expect(visit).toHaveBeenCalledOnceWith(x);
    });
  });
});

describe('isPlainObject and isPromise', () => {
  it('tell objects apart', () => {
    expect(isPlainObject({})).toBeTrue();
    expect(isPlainObject(Object.create(null))).toBeTrue();
    for (const other of [[], null, 3, new Date(), () => 1]) expect(isPlainObject(other)).toBeFalse();
    expect(isPromise(Promise.resolve())).toBeTrue();
    expect(isPromise({ then: () => undefined })).toBeTrue();
    for (const other of [null, undefined, { then: 1 }, 'a', {}]) expect(isPromise(other)).toBeFalse();
  });
});
