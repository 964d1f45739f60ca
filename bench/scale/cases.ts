import {
  lastValueFrom,
  of,
  range,
  Subject,
  type Observable,
  type MonoTypeOperatorFunction,
  type OperatorFunction,
  type Subscription,
} from 'rxjs';
import * as dl from 'rxtensor';
import type { Prepared, ScaleCase } from './case';

const thousands = [300, 1000, 3000, 10_000];
const hundreds = [100, 300, 1000, 3000];
/** As many variables as the largest models have. */
const models = [100, 300, 1000, 4000];

function variables(count: number): dl.Variable[] {
  return Array.from({ length: count }, (_, i) => dl.tidy(() => dl.variable(dl.scalar(i / count))));
}

/** One loss over all: its gradient is that of each. */
function lossOf(all: readonly dl.Variable[]): dl.Scalar {
  return dl.addN(all.map((each) => dl.square(each))) as dl.Scalar;
}

function step(count: number, steps: number): Prepared {
  const all = variables(count);
  const adam = dl.train.adam();
  const loss = (): dl.Scalar => lossOf(all);
  for (let i = 0; i < steps; i++) adam.minimize(loss, false, all);
  return {
    run: () => adam.minimize(loss, false, all),
    clean: () => (adam.dispose(), dl.dispose(all)),
  };
}

/** A tensor goes down a pipe, or to many. */
function sent(stream: (source: Subject<dl.Tensor>) => void): Prepared {
  const source = new Subject<dl.Tensor>();
  const value = dl.scalar(1);
  stream(source);
  source.next(value);
  return { run: () => source.next(value), clean: () => (source.complete(), value.dispose()) };
}

const same = dl.mapTensor((x: dl.Tensor) => x);

function piped<T>(source: Observable<T>, operators: readonly MonoTypeOperatorFunction<T>[]): void {
  operators.reduce((stream, each) => stream.pipe(each), source).subscribe();
}

/** So many values through an operator of that size: the cost of a value must not grow faster than the size. */
function through(values: number, operator: OperatorFunction<number, unknown>): Prepared {
  return { run: () => range(0, values).pipe(operator).subscribe() };
}

export const scaleCases: readonly ScaleCase[] = [
  {
    name: 'a chain of ops in a tidy',
    unit: 'ops',
    sizes: thousands,
    prepare: (size) => ({
      run: () =>
        dl.tidy(() => {
          let x: dl.Tensor = dl.scalar(1);
          for (let i = 0; i < size; i++) x = dl.add(x, 1);
        }),
    }),
  },
  {
    name: 'the gradient of a chain of ops',
    unit: 'ops',
    sizes: thousands,
    prepare: (size) => ({
      run: () =>
        dl.tidy(() =>
          dl.grad((start) => {
            let x = start;
            for (let i = 0; i < size; i++) x = dl.add(x, 1);
            return x;
          })(dl.scalar(1)),
        ),
    }),
  },
  {
    name: 'making and freeing tensors that live together',
    unit: 'tensors',
    sizes: [1000, 10_000, 100_000],
    prepare: (size) => ({
      run: () => dl.dispose(Array.from({ length: size }, () => dl.scalar(1))),
    }),
  },
  {
    name: 'an op beside living tensors',
    unit: 'tensors',
    sizes: [1000, 10_000, 100_000],
    prepare: (size) => {
      const living = Array.from({ length: size }, () => dl.scalar(1));
      return {
        run: () => dl.tidy(() => void Array.from({ length: 1000 }, () => dl.square(2))),
        clean: () => dl.dispose(living),
      };
    },
  },
  {
    name: 'making variables and freeing them',
    unit: 'variables',
    sizes: thousands,
    prepare: (size) => ({ run: () => dl.dispose(variables(size)) }),
  },
  { name: 'the first step of adam', unit: 'variables', sizes: models, prepare: (size) => step(size, 0) },
  { name: 'a later step of adam', unit: 'variables', sizes: models, prepare: (size) => step(size, 2) },
  {
    name: 'setWeights of adam',
    unit: 'variables',
    sizes: hundreds,
    prepare: async (size) => {
      const all = variables(size);
      const [first, second] = [dl.train.adam(), dl.train.adam()];
      first.minimize(() => lossOf(all), false, all);
      const weights = await first.getWeights();
      return {
        run: () => second.setWeights(weights),
        clean: () => (
          first.dispose(),
          second.dispose(),
          dl.dispose([...all, ...weights.map((each) => each.tensor)])
        ),
      };
    },
  },
  {
    name: 'a step with a checkpoint of all',
    unit: 'variables',
    sizes: hundreds,
    prepare: (size) => {
      const all = variables(size);
      const adam = dl.train.adam();
      const kept = dl.checkpoint<unknown>({
        every: 1,
        store: dl.memoryStore(),
        variables: all,
        position: false,
      });
      const run$ = of(0).pipe(
        dl.trainStep(adam, () => lossOf(all), { variables: all }),
        kept,
      );
      return { run: () => lastValueFrom(run$), clean: () => (adam.dispose(), dl.dispose(all)) };
    },
  },
  {
    name: 'a value through a pipe',
    unit: 'operators',
    sizes: [20, 60, 200],
    prepare: (size) =>
      sent((source) =>
        piped(
          source,
          Array.from({ length: size }, () => same),
        ),
      ),
  },
  {
    name: 'a value to subscribers of one stream',
    unit: 'subscribers',
    sizes: hundreds,
    prepare: (size) =>
      sent((source) => {
        for (let i = 0; i < size; i++) source.pipe(same).subscribe();
      }),
  },
  {
    name: 'pipelines, subscribed to and left',
    unit: 'pipelines',
    sizes: hundreds,
    prepare: (size) => ({
      // Each has a subject of its own: one that all share would look through all of its observers for each that leaves.
      run: () => {
        const pipeline = (): Subscription => new Subject<dl.Tensor>().pipe(same, dl.batch(2)).subscribe();
        for (const each of Array.from({ length: size }, pipeline)) each.unsubscribe();
      },
    }),
  },
  {
    name: '1,000 values and windows of slidingWindow',
    unit: 'values a window',
    sizes: [10, 100, 1000],
    prepare: (size) => through(size + 1000, dl.slidingWindow(size)),
  },
  {
    name: '10,000 values through shuffle',
    unit: 'values held',
    sizes: hundreds,
    prepare: (size) => through(10_000, dl.shuffle(size, { seed: 1 })),
  },
  {
    name: 'a batch',
    unit: 'values',
    sizes: thousands,
    prepare: (size) => through(size, dl.batch(size)),
  },
  {
    name: 'values through runningMean of all',
    unit: 'values',
    sizes: thousands,
    prepare: (size) => through(size, dl.runningMean()),
  },
  {
    name: 'tensors in one value',
    unit: 'tensors',
    sizes: hundreds,
    prepare: (size) => ({
      run: () =>
        range(0, 10)
          .pipe(dl.mapTensor(() => Array.from({ length: size }, () => dl.scalar(1))))
          .subscribe(),
    }),
  },
];
