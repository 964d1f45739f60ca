// A function that an operator calls may end the subscription: what the operator takes hold of afterwards has to be freed all the same.
import * as dl from 'rxtensor';
import { Subject, type OperatorFunction } from 'rxjs';
import { settle } from '../../../test/support/marbles';

type Leaving = (leave: () => void) => OperatorFunction<dl.Tensor, unknown>;

describe('An operator that is left from within its own function', () => {
  let weight: dl.Variable;
  let sgd: dl.Optimizer;
  beforeEach(() => {
    weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    sgd = dl.train.sgd(0.1);
  });
  afterEach(() => dl.dispose([weight]));

  const leavingThen =
    <T>(leave: () => void, make: (x: dl.Tensor) => T) =>
    (x: dl.Tensor): T => {
      leave();
      return make(x);
    };
  const square = (x: dl.Tensor): dl.Tensor => dl.square(x);
  const loss = (x: dl.Tensor): dl.Tensor => dl.square(dl.mul(weight, x));

  const operators: Readonly<Record<string, Leaving>> = {
    mapTensor: (leave) => dl.mapTensor(leavingThen(leave, square)),
    predict: (leave) => dl.predict(leavingThen(leave, loss)),
    mapTensorAsync: (leave) => dl.mapTensorAsync(leavingThen(leave, (x) => Promise.resolve(dl.square(x)))),
    'scanTensor, accumulate': (leave) =>
      dl.scanTensor(
        (sum: dl.Tensor, x: dl.Tensor) => leavingThen(leave, (each) => dl.add(sum, each))(x),
        () => dl.scalar(0),
      ),
    'scanTensor, seed': (leave) =>
      dl.scanTensor(
        (sum: dl.Tensor, x: dl.Tensor) => dl.add(sum, x),
        () => {
          leave();
          return dl.scalar(0);
        },
      ),
    trainStep: (leave) => dl.trainStep(sgd, leavingThen(leave, loss)),
    'trainStep that accumulates': (leave) => dl.trainStep(sgd, leavingThen(leave, loss), { accumulate: 2 }),
    'trainStep that watches for NaN': (leave) =>
      dl.trainStep(sgd, leavingThen(leave, loss), { onNaN: 'error' }),
    gradients: (leave) => dl.gradients(leavingThen(leave, loss)),
    validate: (leave) => dl.validate(1, dl.examples([1]), () => leavingThen(leave, square)(dl.scalar(1))),
    earlyStop: (leave) => dl.earlyStop({ patience: 1, restoreBest: true, of: leavingThen(leave, () => 1) }),
  };

  for (const [name, make] of Object.entries(operators)) {
    it(`${name}: emits nothing more, and frees everything`, async () => {
      const source = new Subject<number>();
      const seen: unknown[] = [];
      const before = dl.memory().numTensors;
      let calls = 0;
      const subscription = source
        .pipe(
          dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
          make(() => {
            calls++;
            subscription.unsubscribe();
          }),
        )
        .subscribe({ next: (value) => seen.push(value), error: (error: unknown) => seen.push(error) });
      source.next(1);
      await settle();
      source.next(2);
      await settle();
      expect(calls).toBe(1);
      expect(seen).toEqual([]);
      expect(source.observed).toBeFalse();
      expect(dl.memory().numTensors).toBe(before);
    });
  }
});
