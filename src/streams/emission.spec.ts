import * as dl from 'rxtensor';
import { deferred, plain, settle } from '../../test/support/marbles';
import { openFrame, scopeDepth } from '../tensor/extent';
import { emission, isEmitting, subscribing, trackedEmission, waitUntil } from './emission';

describe('An emission', () => {
  it('owns what is made in it, and ends with it', () => {
    let made: dl.Tensor | undefined;
    emission('spec', () => {
      made = dl.scalar(2).square();
      expect(isEmitting()).toBeTrue();
      expect(plain(made)).toBe(4);
    });
    expect(isEmitting()).toBeFalse();
    expect(made?.isDisposed).toBeTrue();
  });

  it('ends with an error too, which is passed on', () => {
    const work = (): void => {
      dl.scalar(1);
      throw new Error('inside');
    };
    expect(() => emission('outer', () => emission('inner', work))).toThrowError('inside');
    expect(isEmitting()).toBeFalse();
    expect(scopeDepth()).toBe(0);
    expect(openFrame()).toBeNull();
  });

  it('nests: the inner one frees its own when it ends', () => {
    emission('outer', () => {
      const outer = dl.scalar(1);
      let inner: dl.Tensor | undefined;
      emission('inner', () => (inner = dl.scalar(2)));
      expect(inner?.isDisposed).toBeTrue();
      expect(plain(outer)).toBe(1);
    });
  });

  it('sets scopes and tape aside while something is subscribed to', () => {
    emission('outer', () => {
      expect(subscribing(scopeDepth)).toBe(0);
      expect(subscribing(openFrame)).toBeNull();
      expect(scopeDepth()).toBe(1);
      expect(() =>
        subscribing(() => {
          throw new Error('while subscribing');
        }),
      ).toThrowError('while subscribing');
      expect(scopeDepth()).toBe(1);
    });
  });

  it('is finished at once when nothing has to be waited for', () => {
    expect(trackedEmission('spec', () => undefined)).toBeNull();
  });

  it('is not finished before what it was told to wait for, also that which came later', async () => {
    const first = deferred();
    const second = deferred();
    const third = deferred();
    let isFinished = false;
    const finished = trackedEmission('outer', () => {
      waitUntil(first.promise.then(() => undefined));
      emission('inner', () => waitUntil(second.promise));
      waitUntil(Promise.resolve());
    });
    void finished?.then(() => (isFinished = true));
    first.resolve();
    await settle();
    expect(isFinished).toBeFalse();
    second.reject(new Error('a failure only ends the waiting'));
    await finished;
    expect(isFinished).toBeTrue();
    // Outside of every emission nobody waits.
    waitUntil(third.promise);
  });

  it('keeps every emission around it waiting, those of subscriptions made within it too', async () => {
    const asked = deferred();
    const order: string[] = [];
    const outer = trackedEmission('outer', () => {
      subscribing(() => {
        const inner = trackedEmission('inner', () => waitUntil(asked.promise));
        void inner?.then(() => order.push('inner'));
      });
    });
    void outer?.then(() => order.push('outer'));
    await settle();
    expect(order).toEqual([]);
    asked.resolve();
    await outer;
    await settle();
    expect(order.sort()).toEqual(['inner', 'outer']);
  });
});
