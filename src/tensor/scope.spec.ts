import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../test/support/close';
import { currentScope, openScope, outsideOfExtents, scopeDepth } from './extent';
import { closeScope } from './scope';

const count = (): number => dl.memory().numTensors;

describe('tidy', () => {
  it('frees what was made in it but for what it returns', () => {
    const before = count();
    let inner: dl.Tensor | undefined;
    const result = dl.tidy(() => {
      inner = dl.ones([3]);
      return inner.mul(2).add(1);
    });
    expect(inner!.isDisposed).toBeTrue();
    expect(count()).toBe(before + 1);
    expectExact(result, [3, 3, 3]);
    result.dispose();
  });

  it('returns any value', () => {
    expect(dl.tidy(() => 3)).toBe(3);
    expect(dl.tidy((): unknown => undefined)).toBeUndefined();
    expect(dl.tidy(() => null)).toBeNull();
    expect(dl.tidy(() => 'a')).toBe('a');
    const f = (): void => undefined;
    expect(dl.tidy(() => f)).toBe(f);
    const date = new Date();
    expect(dl.tidy(() => date)).toBe(date);
  });

  it('returns tensors in arrays and objects, nested to any depth', () => {
    const before = count();
    const result = dl.tidy(() => {
      dl.ones([5]);
      return {
        a: dl.scalar(1),
        list: [dl.scalar(2), { b: [[dl.scalar(3)]], text: 'x', number: 4 }],
        nothing: null,
        bare: Object.assign(Object.create(null) as object, { c: dl.scalar(4) }),
      };
    });
    expect(count()).toBe(before + 4);
    expectExact(result.a, 1);
    dl.dispose(result);
    expect(count()).toBe(before);
  });

  it('takes an object for what it is, whatever its properties are called', () => {
    const result = dl.tidy(() => ({ storage: dl.scalar(1), shape: dl.scalar(2), isDisposed: false }));
    expectExact(result.storage, 1);
    expectExact(result.shape, 2);
    dl.dispose(result);
  });

  it('returns one tensor that is there twice, and follows a cycle once', () => {
    interface Loop {
      x: dl.Tensor;
      again: dl.Tensor;
      self?: Loop;
    }
    const loop = dl.tidy(() => {
      const x = dl.scalar(1);
      const made: Loop = { x, again: x };
      made.self = made;
      return made;
    });
    expect(loop.x.isDisposed).toBeFalse();
    dl.dispose(loop);
    expect(loop.x.isDisposed).toBeTrue();
  });

  it('leaves tensors from outside alone, also when it returns them', () => {
    const outside = dl.ones([2]);
    expect(dl.tidy(() => outside)).toBe(outside);
    dl.tidy(() => void outside.square());
    expectExact(outside, [1, 1]);
    expect(dl.tidy(() => dl.tidy(() => outside))).toBe(outside);
    expect(outside.isDisposed).toBeFalse();
    outside.dispose();
  });

  it('nests: the outer scope owns what the inner one returns', () => {
    let inner: dl.Tensor | undefined;
    const result = dl.tidy(() => {
      inner = dl.tidy(() => dl.ones([2]).square());
      expect(inner.isDisposed).toBeFalse();
      return inner.add(1);
    });
    expect(inner!.isDisposed).toBeTrue();
    expectExact(result, [2, 2]);
    result.dispose();
  });

  it('does not mind what was disposed by hand in it', () => {
    const before = count();
    dl.tidy(() => {
      const x = dl.ones([2]);
      x.dispose();
      return x;
    });
    expect(count()).toBe(before);
  });

  it('frees all and passes the error on, also from inside another tidy', () => {
    const before = count();
    expect(() =>
      dl.tidy(() => {
        dl.ones([2]);
        return dl.tidy(() => {
          dl.ones([3]).square();
          throw new RangeError('mine');
        });
      }),
    ).toThrowError(RangeError, 'mine');
    expect(count()).toBe(before);
    expect(scopeDepth()).toBe(0);
  });

  it('refuses a promise, freeing what was made before the first await', () => {
    const before = count();
    expect(() =>
      dl.tidy(async () => {
        const x = dl.ones([2]);
        await Promise.resolve();
        return x;
      }),
    ).toThrowError(/tidy: the function returned a promise; wanted tensors or plain values.*await first/);
    expect(count()).toBe(before);
    // The rejection of the promise must not be reported, too.
    expect(() => dl.tidy(() => Promise.reject(new Error('unseen')))).toThrowError(/promise/);
    expect(() => dl.tidy(() => ({ then: () => undefined }))).toThrowError(/promise/);
  });

  it('takes a name, and refuses what is no function', () => {
    expect(dl.tidy('step', () => currentScope()?.label)).toBe('step');
    expect(() => dl.tidy(3 as never)).toThrowError(/tidy: argument 'work' is 3; wanted a function/);
    expect(() => dl.tidy('name', undefined as never)).toThrowError(/tidy: argument 'work' is undefined/);
    expect(() => dl.tidy(null as never)).toThrowError(/tidy: argument 'work' is null/);
  });

  it('does not touch variables', () => {
    const v = dl.tidy(() => dl.variable(dl.ones([2])));
    expectExact(v, [1, 1]);
    dl.tidy(() => void v.add(1));
    expect(v.isDisposed).toBeFalse();
    v.dispose();
  });
});

describe('keep', () => {
  it('lets a tensor outlive every scope', () => {
    let kept: dl.Tensor | undefined;
    dl.tidy(() => {
      dl.tidy(() => {
        kept = dl.keep(dl.ones([2]));
      });
    });
    expect(kept!.isKept).toBeTrue();
    expectExact(kept!, [1, 1]);
    kept!.dispose();
  });

  it('returns the tensor, which may also be returned from the tidy', () => {
    const x = dl.tidy(() => dl.tidy(() => dl.keep(dl.ones([1]))));
    expect(x.isDisposed).toBeFalse();
    x.dispose();
  });
});

describe('dispose', () => {
  it('frees every tensor in a container, passing over those that are gone', () => {
    const before = count();
    const a = dl.ones([1]);
    const b = dl.ones([1]);
    b.dispose();
    dl.dispose({ a, list: [b, [dl.ones([1])]], text: 'x', missing: undefined });
    dl.dispose(a);
    expect(count()).toBe(before);
  });
});

describe('scopes', () => {
  it('are closed in order', () => {
    const outer = openScope('tidy', 'outer');
    const inner = openScope('tidy', 'inner');
    expect(() => closeScope(outer)).toThrowError(/'outer' was closed out of order/);
    closeScope(inner);
    closeScope(outer);
  });

  it('can be set aside, and come back after an error too', () => {
    const before = count();
    dl.tidy(() => {
      const x = outsideOfExtents(() => {
        expect(scopeDepth()).toBe(0);
        return dl.ones([1]);
      });
      expect(() =>
        outsideOfExtents(() => {
          throw new Error('mine');
        }),
      ).toThrowError('mine');
      expect(scopeDepth()).toBe(1);
      x.dispose();
    });
    expect(count()).toBe(before);
  });

  it('every op frees what it makes on its way, inside of a tidy or not', () => {
    const before = count();
    const labels = dl.tensor2d([[0, 1]]);
    const logits = dl.tensor2d([[1, 2]]);
    expect(count()).toBe(before + 2);
    const loss = dl.losses.softmaxCrossEntropy(labels, logits);
    const bigger = loss.add([[1, 2]]);
    expect(count()).toBe(before + 4);
    dl.dispose([labels, logits, loss, bigger]);
  });
});
