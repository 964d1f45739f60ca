import type { OperatorFunction } from 'rxjs';
import { tidy } from '../../tensor/scope';
import type { Held } from '../ownership/held-values';
import { trailNow } from '../emission';
import { oneAtATime } from './parts/one-at-a-time';
import { operator } from '../operator';
import { withObstacle } from '../trail';
import { refusePromise } from './map-tensor';

/**
 * RxJS's `scan` for tensors: computes a new state from the old one and each value, and emits it. The state is one tensor, or any nesting of
 * arrays and objects. It keeps the state across emissions, and frees each state when it is replaced and the last one at the end.
 *
 * ```text
 *  source              --a---------b---------c---------|
 *  scanTensor(f, s)    --f(s,a)=t--f(t,b)=u--f(u,c)=v--|
 * ```
 *
 * Gradients are cut off between emissions: `accumulate` gets the old state as a constant, so an emitted state can be differentiated through
 * one step (truncated back-propagation through time with a window of one).
 *
 * @param accumulate gives the new state, from the old one and a value
 * @param seed the first state, which stays the caller's; or a function that makes one for each subscription. Without one the first value
 *   is the first state
 * @throws (as error notifications) what `accumulate` throws, and an error when it returns a promise, and for a value that comes from
 *   within `accumulate`: the state is not there yet
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { from } from 'rxjs';
 * from([1, 2, 3])
 *   .pipe(dl.scanTensor((sum: dl.Tensor, x: number) => sum.add(x), () => dl.scalar(0)), dl.download())
 *   .subscribe((sum) => console.log(sum)); // 1, 3, 6
 * ```
 */
export function scanTensor<T, S>(
  accumulate: (state: S, value: T) => S,
  seed?: S | (() => S),
): OperatorFunction<T, S> {
  const name = 'scanTensor';
  if (typeof accumulate !== 'function') {
    throw new Error(`${name}: argument 'accumulate' is ${typeof accumulate}; wanted a function`);
  }
  return operator<T, S>(name, (output) => {
    let state: Held<S> | null = null;
    let started = false;
    const start = (): Held<S> | null => {
      if (seed === undefined) return null;
      const make = seed as () => S;
      return tidy(name, () => output.hold(typeof seed === 'function' ? make() : seed, 'cut off'));
    };
    const step = (value: T): S => {
      if (!started) state = start();
      started = true;
      const before = state;
      const after = before
        ? tidy(name, () => refusePromise(name, accumulate(before.lend(), value), "the function 'accumulate'"))
        : (value as unknown as S);
      state = output.hold(after, 'cut off');
      before?.release();
      return after;
    };
    const alone = oneAtATime(name, "the function 'accumulate'");
    return {
      next: (value) => output.emit(() => alone(() => step(value)), withObstacle(trailNow(), obstacle)),
      teardown: () => state?.release(),
    };
  });
}

const obstacle = 'scanTensor() has a state, which no checkpoint keeps';
