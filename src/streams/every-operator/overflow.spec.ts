// A subscriber that feeds each value back so often that the engine's stack runs over, somewhere in the middle of an operator.
import * as dl from 'rxtensor';
import { finalize, Subject } from 'rxjs';
import { settle, unhandledErrors } from '../../../test/support/marbles';
import { operatorCases } from '../../../test/support/operator-cases';
import { openFrame, scopeDepth } from '../../tensor/extent';
import { isEmitting } from '../emission';

/** More calls within each other than fit on any engine's stack. Operators that put values off may go through them one after the other. */
const FEEDBACKS = 20_000;

/**
 * Where the stack runs over inside of Node's own `setTimeout` (RxJS reports unhandled errors by it), the timers of that delay wait until one
 * of another delay is set.
 */
const wakeTimers = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 7));

/** What has to be as before when nothing runs: scopes, tape, emissions, tensors, storages. */
function state(): unknown[] {
  const { numTensors, numDataBuffers } = dl.memory();
  return [scopeDepth(), openFrame(), isEmitting(), numTensors, numDataBuffers];
}

/** What `own` hands over is the subscriber's to free, whose own code may fail before it does: here the stack may run over in it. */
const handsOver = (name: string): boolean => name === 'own';

for (const { name, make, clean } of operatorCases.filter((each) => !handsOver(each.name))) {
  describe(`A stack that runs over in ${name}`, () => {
    it('because values are fed back leaves everything as it was', async () => {
      const before = state();
      const subject = new Subject<number>();
      let fedBack = 0;
      // What comes later runs on a stack of its own.
      let isWithin = true;
      await unhandledErrors(async () => {
        const subscription = subject
          .pipe(
            dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
            make(),
          )
          .subscribe({
            next: () => isWithin && fedBack++ < FEEDBACKS && subject.next(2),
            error: () => undefined,
          });
        subject.next(1);
        subject.next(1);
        isWithin = false;
        expect([scopeDepth(), openFrame(), isEmitting()]).toEqual([0, null, false]);
        subscription.unsubscribe();
        await wakeTimers();
        await settle();
      });
      clean?.();
      expect(state()).toEqual(before);
      const squares: number[] = [];
      subject.pipe(dl.mapTensor((x) => dl.scalar(x * x).dataSync()[0]!)).subscribe((x) => squares.push(x));
      subject.next(3);
      expect(squares).toEqual([9]);
    });
  });
}

describe('A stack overflow while values are fed back', () => {
  it('is an error notification when the outermost emission has ended, where the stack has room for unsubscribing', () => {
    const subject = new Subject<number>();
    const order: string[] = [];
    const { numTensors } = dl.memory();
    subject
      .pipe(
        finalize(() => order.push(isEmitting() ? 'left in an emission' : 'left')),
        dl.mapTensor((x) => {
          if (x === 3) throw new RangeError('Maximum call stack size exceeded');
          return dl.scalar(x);
        }),
        dl.shareReplayTensor(),
      )
      .subscribe({
        next: (x) => {
          const value = x.dataSync()[0]!;
          order.push(`in ${value}`);
          subject.next(value + 1);
          order.push(`out ${value}`);
        },
        error: (error: unknown) => order.push(String(error)),
      });
    subject.next(1);
    expect(order).toEqual([
      'in 1',
      'in 2',
      'out 2',
      'out 1',
      'RangeError: Maximum call stack size exceeded',
      'left',
    ]);
    expect(subject.observed).toBeFalse();
    expect(dl.memory().numTensors).toBe(numTensors);
  });
});
