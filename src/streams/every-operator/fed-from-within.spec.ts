// A function that an operator calls may feed its own source: the values come out right, or there is an error that says why not.
import * as dl from 'rxtensor';
import { Subject, type OperatorFunction } from 'rxjs';
import { plain, settle } from '../../../test/support/marbles';

/** Makes an operator whose function calls `feed`, and what it then emits for 1 with 2 fed from within; or its error. */
interface Feeding {
  readonly make: (feed: () => void) => OperatorFunction<dl.Tensor, unknown>;
  readonly gives: readonly unknown[] | RegExp;
}

describe('An operator whose own function feeds it', () => {
  let weight: dl.Variable;
  let sgd: dl.Optimizer;
  beforeEach(() => {
    weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    sgd = dl.train.sgd(0.1);
  });
  afterEach(() => dl.dispose([weight]));

  const square = (x: dl.Tensor): dl.Tensor => dl.square(x);
  const loss = (x: dl.Tensor): dl.Tensor => dl.square(dl.mul(weight, x));
  const feedingThen =
    <T>(feed: () => void, make: (x: dl.Tensor) => T) =>
    (x: dl.Tensor): T => {
      feed();
      return make(x);
    };
  const wanted =
    'wanted values that come when it has returned: fed back by whoever subscribes below, or in a later turn';
  const atWork = (operator: string, what: string): RegExp =>
    new RegExp(
      `^Error: ${operator}: a value came while ${what} was at work on the one before it; ${wanted}$`,
    );
  const accumulate = "the function 'accumulate'";
  const lossFunction = 'the loss function, or a metric,';

  const operators: Readonly<Record<string, Feeding>> = {
    mapTensor: { make: (feed) => dl.mapTensor(feedingThen(feed, square)), gives: [4, 1] },
    predict: { make: (feed) => dl.predict(feedingThen(feed, loss)), gives: [4, 1] },
    mapTensorAsync: {
      make: (feed) => dl.mapTensorAsync(feedingThen(feed, (x) => Promise.resolve(dl.square(x)))),
      gives: [1, 4],
    },
    'scanTensor, accumulate': {
      make: (feed) =>
        dl.scanTensor(
          (sum: dl.Tensor, x: dl.Tensor) => feedingThen(feed, (each) => dl.add(sum, each))(x),
          () => dl.scalar(0),
        ),
      gives: atWork('scanTensor', accumulate),
    },
    'scanTensor, seed': {
      make: (feed) =>
        dl.scanTensor(
          (sum: dl.Tensor, x: dl.Tensor) => dl.add(sum, x),
          () => {
            feed();
            return dl.scalar(0);
          },
        ),
      gives: atWork('scanTensor', accumulate),
    },
    trainStep: {
      make: (feed) => dl.trainStep(sgd, feedingThen(feed, loss)),
      gives: atWork('trainStep', lossFunction),
    },
    'trainStep that accumulates': {
      make: (feed) => dl.trainStep(sgd, feedingThen(feed, loss), { accumulate: 2 }),
      gives: atWork('trainStep', lossFunction),
    },
    'trainStep, metrics': {
      make: (feed) =>
        dl.trainStep(sgd, loss, { metrics: { square: (_, x: dl.Tensor) => feedingThen(feed, square)(x) } }),
      gives: atWork('trainStep', lossFunction),
    },
    gradients: {
      make: (feed) => dl.gradients(feedingThen(feed, loss)),
      gives: [4, 1].map((each) => ({ loss: each, grads: { weight: 2 * each } })),
    },
    validate: {
      make: (feed) => dl.validate(2, dl.examples([1]), () => feedingThen(feed, square)(dl.scalar(1))),
      gives: [{ value: 1, validation: null }],
    },
    earlyStop: {
      make: (feed) => dl.earlyStop({ patience: 9, restoreBest: true, of: feedingThen(feed, () => 1) }),
      gives: [2, 1],
    },
  };

  for (const [name, { make, gives }] of Object.entries(operators)) {
    it(`${name}: ${Array.isArray(gives) ? 'gives both values' : 'says that it cannot'}`, async () => {
      const source = new Subject<number>();
      const seen: unknown[] = [];
      const before = dl.memory().numTensors;
      let fed = false;
      const subscription = source
        .pipe(
          dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
          make(() => {
            if (fed) return;
            fed = true;
            source.next(2);
          }),
        )
        .subscribe({ next: (value) => seen.push(plain(value)), error: (error: unknown) => seen.push(error) });
      source.next(1);
      await settle();
      if (gives instanceof RegExp) expect(seen.map(String)).toEqual([jasmine.stringMatching(gives)]);
      else expect(JSON.stringify(seen).replaceAll(weight.name, 'weight')).toBe(JSON.stringify(gives));
      subscription.unsubscribe();
      expect(dl.memory().numTensors).toBe(before);
    });
  }
});
