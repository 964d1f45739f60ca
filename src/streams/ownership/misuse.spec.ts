// Operators of RxJS that remember values or move them in time, used on tensors without our forms: what comes of it is an error that
// explains itself, and never a wrong number.
import * as dl from 'rxtensor';
import * as rxjs from 'rxjs';
import {
  concatMap,
  delay,
  distinctUntilChanged,
  exhaustMap,
  firstValueFrom,
  from,
  lastValueFrom,
  map,
  mergeMap,
  of,
  pairwise,
  switchMap,
  type Observable,
} from 'rxjs';
import { marbles, read, settle } from '../../../test/support/marbles';
import { passingOperators } from '../../../test/support/passing-operators';
import { rememberingOperators, type Tensors } from '../../../test/support/remembering-operators';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));

/** What a person needs to know. */
function assertExplained(error: unknown, cure: string): void {
  expect(String(error)).toMatch(
    /^Error: \w+: argument '\w+' is tensor #\d+ of shape \[\], which was made in an emission of mapTensor that has/,
  );
  expect(String(error)).toContain('A tensor made during an emission lives until that emission ends.');
  expect(String(error)).toMatch(new RegExp(String.raw`\b${cure}\b`));
}

/** What RxJS exports besides: what makes observables of something else, what waits for one, classes, and spellings that it deprecates. */
const noOperators = [
  ...[
    'animationFrames',
    'bindCallback',
    'bindNodeCallback',
    'empty',
    'from',
    'fromEvent',
    'fromEventPattern',
  ],
  ...['generate', 'interval', 'never', 'of', 'pairs', 'range', 'scheduled', 'throwError', 'timer'],
  ...['firstValueFrom', 'lastValueFrom', 'identity', 'isObservable', 'noop', 'pipe'],
  ...['Observable', 'ConnectableObservable', 'Subject', 'Subscriber', 'Subscription', 'Notification'],
  ...['Scheduler', 'VirtualAction', 'VirtualTimeScheduler', 'ArgumentOutOfRangeError', 'EmptyError'],
  ...['NotFoundError', 'ObjectUnsubscribedError', 'SequenceError', 'TimeoutError', 'UnsubscriptionError'],
  ...[
    'combineAll',
    'concatMapTo',
    'exhaust',
    'flatMap',
    'mapTo',
    'mergeMapTo',
    'multicast',
    'pluck',
    'publish',
  ],
  ...[
    'publishBehavior',
    'publishLast',
    'publishReplay',
    'refCount',
    'repeatWhen',
    'retryWhen',
    'switchMapTo',
  ],
  ...['timeoutWith'],
];

describe('The tables of stock operators', () => {
  it('have every one', () => {
    const named = Object.keys({ ...passingOperators, ...rememberingOperators }).flatMap(
      (name) => name.match(/\w+/g) ?? [],
    );
    const exported = Object.entries(rxjs).flatMap(([name, value]) =>
      typeof value === 'function' ? [name] : [],
    );
    expect(exported.filter((name) => !named.includes(name) && !noOperators.includes(name))).toEqual([]);
  });
});

describe('A stock operator that hands values on at once', () => {
  for (const [name, through] of Object.entries(passingOperators)) {
    it(`${name}: carries tensors as it carries numbers, and nothing is left`, () => {
      const before = dl.memory().numTensors;
      const seen = (source: (numbers: Observable<number>) => Observable<unknown>): unknown[] => {
        const found: unknown[] = [];
        marbles(({ cold }) => {
          const numbers = cold('-a-b-c-d---|', { a: 1, b: 2, c: 3, d: 4 });
          through(source(numbers))
            .pipe(read())
            .subscribe({
              next: (value) => found.push(value),
              error: (error: unknown) => found.push(error),
              complete: () => found.push('complete'),
            });
        });
        return found;
      };
      const found = seen((numbers) => numbers.pipe(scalars));
      expect(found).toEqual(seen((numbers) => numbers));
      expect(found.length).toBeGreaterThan(0);
      expect(dl.memory().numTensors).toBe(before);
    });
  }
});

describe('A stock operator on tensors, without our form,', () => {
  for (const [name, { stream, before = [], cure }] of Object.entries(rememberingOperators)) {
    it(`${name}: gives an error that explains itself`, () => {
      const seen: unknown[] = [];
      const errors: unknown[] = [];
      marbles(({ cold }) => {
        const tensors = cold('-a-b-c-d---|', { a: 1, b: 2, c: 3, d: 4 }).pipe(scalars);
        stream(tensors)
          .pipe(read())
          .subscribe({ next: (value) => seen.push(value), error: (error: unknown) => errors.push(error) });
      });
      expect(seen).toEqual([...before]);
      expect(errors.length).toBe(1);
      assertExplained(errors[0], cure);
    });
  }
});

/** The error of a stream, that comes at once or later. */
async function errorOf(stream: Observable<unknown>): Promise<string> {
  let error: unknown;
  const subscription = stream.pipe(read()).subscribe({ error: (found: unknown) => (error = found) });
  await settle();
  subscription.unsubscribe();
  return String(error);
}

describe('A tensor whose emission has ended', () => {
  it('does no harm where it is only held: not by an operator that compares references, nor in a pair that nobody reads', () => {
    const seen: unknown[] = [];
    of(1, 2, 3)
      .pipe(scalars, distinctUntilChanged(), read())
      .subscribe((x) => seen.push(x));
    of(1, 2, 3)
      .pipe(
        scalars,
        pairwise(),
        map(([, x]) => x),
        read(),
      )
      .subscribe((x) => seen.push(x));
    expect(seen).toEqual([1, 2, 3, 2, 3]);
  });

  it('is explained to whoever awaits a value, or collects values', async () => {
    const first = await firstValueFrom(of(1, 2).pipe(scalars));
    const final = await lastValueFrom(of(1, 2).pipe(scalars));
    const collected: dl.Scalar[] = [];
    of(1, 2)
      .pipe(scalars)
      .subscribe((x) => collected.push(x));
    for (const x of [first, final, ...collected]) {
      let error: unknown;
      try {
        dl.square(x);
      } catch (found) {
        error = found;
      }
      assertExplained(error, 'own');
      await expectAsync(x.data()).toBeRejectedWithError(/made in an emission of mapTensor that has ended/);
    }
  });

  const slowSquare = async (x: dl.Scalar): Promise<dl.Tensor> => {
    await Promise.resolve();
    return dl.tidy(() => dl.square(x));
  };
  const flattened: Record<string, (tensors: Tensors) => Observable<unknown>> = {
    mergeMap: (x$) => x$.pipe(mergeMap((x) => slowSquare(x))),
    concatMap: (x$) => x$.pipe(concatMap((x) => slowSquare(x))),
    switchMap: (x$) => x$.pipe(switchMap((x) => slowSquare(x))),
    exhaustMap: (x$) => x$.pipe(exhaustMap((x) => slowSquare(x))),
  };
  for (const [name, flatten] of Object.entries(flattened)) {
    it(`is explained to an async function in ${name}`, async () => {
      assertExplained(await errorOf(flatten(of(1).pipe(scalars))), 'across');
    });
  }
});

describe('A tensor on the tape', () => {
  let weight: dl.Variable;
  beforeEach(() => (weight = dl.tidy(() => dl.variable(dl.scalar(2)))));
  afterEach(() => weight.dispose());

  /** Computed from a trainable variable. */
  const taped = (): Tensors => from([1, 2]).pipe(dl.mapTensor((x) => dl.mul(weight, x)));
  const storing: Record<string, (tensors: Tensors) => Observable<unknown>> = {
    batch: (x$) => x$.pipe(dl.batch(2)),
    shuffle: (x$) => x$.pipe(dl.shuffle(2)),
    slidingWindow: (x$) => x$.pipe(dl.slidingWindow(2)),
    mapTensorAsync: (x$) => x$.pipe(dl.mapTensorAsync((x) => Promise.resolve(x))),
    latest: (x$) =>
      x$.pipe(
        dl.latest(),
        map((x) => {
          dl.waitUntil(settle());
          return x;
        }),
      ),
    across: (x$) => x$.pipe(dl.across(delay(0))),
    shareReplayTensor: (x$) => x$.pipe(dl.shareReplayTensor()),
    combineLatestTensor: (x$) => dl.combineLatestTensor([x$]),
    zipTensor: (x$) => dl.zipTensor([x$]),
    withLatestFromTensor: (x$) => of(1).pipe(dl.withLatestFromTensor(x$)),
  };
  for (const [name, store] of Object.entries(storing)) {
    it(`is not stored by ${name}, which says so and what to do`, async () => {
      expect(await errorOf(store(taped()))).toBe(
        `Error: ${name}: the value has a tensor of shape [] that was computed from trainable variables and would be stored past its ` +
          `emission; gradients do not cross emissions. Put ${name} before the model, or use predict(model) instead of mapTensor(model), ` +
          'which tapes nothing',
      );
    });
  }

  for (const [name, step] of Object.entries({
    trainStep: (sgd: dl.Optimizer) => dl.trainStep(sgd),
    gradients: () => dl.gradients(),
  })) {
    it(`is no loss for ${name} when its emission has ended, kept or not`, async () => {
      const sgd = dl.train.sgd(0.1);
      const losses: dl.Tensor[] = [];
      const keeping = map((loss: dl.Scalar) => {
        losses.push(dl.keep(loss));
        return loss;
      });
      const stepping = step(sgd) as (losses: Tensors) => Observable<unknown>;
      assertExplained(await errorOf(taped().pipe(delay(0), stepping)), 'across');
      expect(await errorOf(taped().pipe(keeping, delay(0), stepping))).toBe(
        `Error: ${name}: the loss depends on 'mul', computed in an emission of mapTensor that has ended; gradients do not cross emissions. ` +
          'Compute the loss in the emission in which it is used, without a delay or a store in between',
      );
      expect(weight.dataSync()[0]).toBe(2);
      dl.dispose(losses);
      sgd.dispose();
    });
  }
});

describe('A function that returns a promise', () => {
  const later = (x: number): Promise<dl.Tensor> => Promise.resolve(x as never);
  interface Asynchronous {
    readonly stream: (numbers: Observable<number>, sgd: dl.Optimizer) => Observable<unknown>;
    readonly what: string;
  }
  const asynchronous: Record<string, Asynchronous> = {
    mapTensor: { stream: (x$) => x$.pipe(dl.mapTensor(later)), what: 'the projection' },
    predict: { stream: (x$) => x$.pipe(dl.predict(later)), what: 'the projection' },
    scanTensor: {
      stream: (x$) => x$.pipe(dl.scanTensor((_state: unknown, x: number) => later(x), 0)),
      what: "the function 'accumulate'",
    },
    trainStep: {
      stream: (x$, sgd) => x$.pipe(dl.trainStep<number>(sgd, later as never)),
      what: 'the loss function',
    },
    gradients: { stream: (x$) => x$.pipe(dl.gradients<number>(later as never)), what: 'the loss function' },
  };
  for (const [name, { stream, what }] of Object.entries(asynchronous)) {
    it(`is refused by ${name}, which says what to do instead`, async () => {
      const sgd = dl.train.sgd(0.1);
      expect(await errorOf(stream(of(1, 2), sgd))).toBe(
        `Error: ${name}: ${what} returned a promise; wanted tensors or plain values. An emission ends before an asynchronous function ` +
          'has done its work: await in mapTensorAsync, above',
      );
      sgd.dispose();
    });
  }
});

describe('An operator that computes, inside of across,', () => {
  const computing: Record<string, (tensors: Tensors) => Observable<unknown>> = {
    map: (x$) => x$.pipe(map((x) => dl.square(x))),
    'map, after a delay': (x$) =>
      x$.pipe(
        delay(0),
        map((x) => dl.square(x)),
      ),
    mapTensor: (x$) => x$.pipe(dl.mapTensor((x) => dl.square(x))),
  };
  for (const [name, inside] of Object.entries(computing)) {
    it(`${name}: is refused, and told where to compute`, async () => {
      expect(await errorOf(of(1, 2).pipe(scalars, dl.across(inside)))).toBe(
        'Error: across: the operator inside emitted a tensor of shape [] that it was not given; wanted an operator that moves values in ' +
          'time and computes none: compute above or below, in mapTensor, or in scanTensor',
      );
    });
  }
});
