import * as dl from 'rxtensor';
import { defer, delay, finalize, map, Observable, of, repeat } from 'rxjs';
import { csv } from 'rxtensor/files';
import { itIsCured, type Ailment } from '../../../test/support/cures';

const data = [1, 2, 3];
const checkpointed = (options: Partial<dl.CheckpointOptions> = {}): dl.CheckpointOptions => ({
  every: 1,
  store: dl.memoryStore(),
  ...options,
});
const scalars = dl.mapTensor((x: number) => dl.scalar(x));

/** A model of one weight, and what trains it; all of it ends with the stream. */
interface Model {
  readonly weight: dl.Variable;
  readonly sgd: dl.Optimizer;
  readonly loss: (x: dl.Tensor) => dl.Scalar;
}

function withModel(make: (model: Model) => Observable<unknown>): () => Observable<unknown> {
  return () =>
    defer(() => {
      const weight = dl.tidy(() => dl.variable(dl.scalar(1), true, 'weight'));
      const sgd = dl.train.sgd(0.01);
      const loss = (x: dl.Tensor): dl.Scalar => dl.square(dl.mul(weight, x)).asScalar();
      return make({ weight, sgd, loss }).pipe(
        finalize(() => {
          dl.dispose(weight);
          sgd.dispose();
        }),
      );
    });
}

/** The numbers of a file. */
function numbersOf(text: string, seed?: { readonly seed?: number }): Observable<number> {
  const rows = csv(new Blob([text]), { columns: { x: 'float32' } });
  return (seed ? rows.pipe(dl.shuffle(2, seed)) : rows).pipe(map(({ x }) => x));
}

const shuffledNumbers = (seed?: number): Observable<number> => numbersOf('x\n1\n2\n3\n', { seed });

/** Examples through an operator, a step with each, and a checkpoint of each. */
function trained(
  source: () => Observable<number>,
  options: Partial<dl.CheckpointOptions> = {},
): () => Observable<unknown> {
  return withModel(({ sgd, loss }) =>
    source().pipe(scalars, dl.trainStep(sgd, loss), dl.checkpoint(checkpointed(options))),
  );
}

/** A checkpoint by one optimizer, and a run that another one continues from it. */
function continued(first: () => dl.Optimizer, second: () => dl.Optimizer): () => Observable<unknown> {
  return withModel(({ loss, weight }) => {
    const store = dl.memoryStore();
    const variables = [weight];
    const optimizers = [first(), second()] as const;
    const run = (optimizer: dl.Optimizer, startAt: number): Observable<unknown> =>
      dl
        .examples(data, { epochs: 2, startAt })
        .pipe(scalars, dl.trainStep(optimizer, loss), dl.checkpoint({ every: 3, store, variables }));
    return new Observable((subscriber) =>
      run(optimizers[0], 0).subscribe({
        error: (error) => subscriber.error(error),
        complete: () =>
          dl
            .resume(store, optimizers[1], () => run(optimizers[1], 3), { variables })
            .pipe(finalize(() => optimizers.forEach((each) => each.dispose())))
            .subscribe(subscriber),
      }),
    );
  });
}

const positionOff = { position: false };
const rows: Readonly<Record<string, Ailment>> = {
  'checkpoint above trainStep': {
    says: 'wanted checkpoint below one, with no stock operator that moves values in time between',
    stream: withModel(({ sgd, loss }) =>
      dl.examples(data).pipe(scalars, dl.checkpoint(checkpointed()), dl.trainStep(sgd, loss)),
    ),
    cures: {
      'below one': withModel(({ sgd, loss }) =>
        dl.examples(data).pipe(scalars, dl.trainStep(sgd, loss), dl.checkpoint(checkpointed())),
      ),
    },
  },
  'checkpoint below a stock operator that moves values in time': {
    says: 'with no stock operator that moves values in time between them',
    stream: withModel(({ sgd, loss }) =>
      dl
        .examples(data)
        .pipe(scalars, dl.trainStep(sgd, loss), dl.download(), delay(1), dl.checkpoint(checkpointed())),
    ),
    cures: {
      'no stock operator': withModel(({ sgd, loss }) =>
        dl
          .examples(data)
          .pipe(scalars, dl.trainStep(sgd, loss), dl.download(), dl.checkpoint(checkpointed()), delay(1)),
      ),
    },
  },
  'checkpoint of a source that is subscribed to again': {
    says: "To go through data several times, give examples() or csv() the option 'epochs'",
    stream: trained(() => dl.examples(data).pipe(repeat(2))),
    cures: {
      epochs: trained(() => dl.examples(data, { epochs: 2 })),
      'position: false': trained(() => dl.examples(data).pipe(repeat(2)), positionOff),
    },
  },
  'checkpoint of a source that tells no position': {
    says: "wanted examples() or idx() over arrays, csv() of a file, or the option 'position: false'",
    stream: trained(() => of(...data)),
    cures: {
      'examples()': trained(() => dl.examples(data)),
      'csv()': trained(() => numbersOf('x\n1\n2\n')),
      'position: false': trained(() => of(...data), positionOff),
    },
  },
  'checkpoint of an iterable': {
    says: 'which cannot begin in the middle; give it arrays or tensors',
    stream: trained(() => dl.examples(new Set(data))),
    cures: {
      arrays: trained(() => dl.examples(data)),
      tensors: () => {
        const tensor = dl.tensor1d(data);
        const run = withModel(({ sgd, loss }) =>
          dl.examples(tensor).pipe(dl.trainStep(sgd, loss), dl.checkpoint(checkpointed())),
        );
        return run().pipe(finalize(() => tensor.dispose()));
      },
    },
  },
  'checkpoint below shuffle': {
    says: 'let examples() shuffle',
    stream: trained(() => dl.examples(data).pipe(dl.shuffle(2))),
    cures: {
      'let examples() shuffle': trained(() => dl.examples(data, { shuffle: true, seed: 1 })),
      'position: false': trained(() => dl.examples(data).pipe(dl.shuffle(2)), positionOff),
    },
  },
  'checkpoint below shuffle without a seed': {
    says: "give it the option 'seed'",
    stream: trained(() => shuffledNumbers()),
    cures: { "the option 'seed'": trained(() => shuffledNumbers(3)) },
  },
  'checkpoint below shuffle of values that were changed above': {
    says: 'put shuffle(buffer, {seed}) directly below csv()',
    stream: trained(() => numbersOf('x\n1\n2\n').pipe(dl.shuffle(2, { seed: 1 }))),
    cures: { 'directly below csv()': trained(() => shuffledNumbers(1)) },
  },
  'checkpoint below overlapping windows': {
    says: "slidingWindow() keeps its window, unless 'stride' is its size",
    stream: trained(() =>
      dl.examples(data).pipe(
        dl.slidingWindow(2),
        dl.download(),
        dl.mapTensor(([x]) => x!),
      ),
    ),
    cures: {
      "'stride' is its size": trained(() =>
        dl.examples([...data, 4]).pipe(
          dl.slidingWindow(2, { stride: 2 }),
          dl.download(),
          dl.mapTensor(([x]) => x!),
        ),
      ),
    },
  },
  'checkpoint without a variable that the optimizer keeps state for': {
    says: "wanted it among the option 'variables'",
    stream: withModel(({ loss }) => momentum(loss, [])),
    cures: { "the option 'variables'": withModel(({ weight, loss }) => momentum(loss, [weight])) },
  },
  'resume with an optimizer that was made in another way': {
    says: "wanted an optimizer that is made as the one of the checkpoint was (rmsprop with the same 'centered', for one)",
    stream: continued(
      () => dl.train.rmsprop(0.01, 0.9, 0, 1e-7, true),
      () => dl.train.rmsprop(0.01),
    ),
    cures: {
      "the same 'centered'": continued(
        () => dl.train.rmsprop(0.01, 0.9, 0, 1e-7, true),
        () => dl.train.rmsprop(0.01, 0.9, 0, 1e-7, true),
      ),
    },
  },
  'examples that start in the middle of an iterable': {
    says: 'wanted arrays, or the operator shuffle(buffer) below it',
    stream: () => defer(() => dl.examples(new Set(data), { startAt: 1 })),
    cures: { arrays: () => dl.examples(data, { startAt: 1 }) },
  },
  'examples that shuffle an iterable': {
    says: 'wanted arrays, or the operator shuffle(buffer) below it',
    stream: () => defer(() => dl.examples(new Set(data), { shuffle: true })),
    cures: {
      arrays: () => dl.examples(data, { shuffle: true }),
      'the operator shuffle(buffer) below it': () => dl.examples(new Set(data)).pipe(dl.shuffle(2)),
    },
  },
};

function momentum(loss: Model['loss'], variables: readonly dl.Variable[]): Observable<unknown> {
  const optimizer = dl.train.momentum(0.01, 0.9);
  return dl.examples(data).pipe(
    scalars,
    dl.trainStep(optimizer, loss),
    dl.checkpoint(checkpointed({ variables })),
    finalize(() => optimizer.dispose()),
  );
}

describe('What a message of checkpoint, resume or examples prescribes', () => itIsCured(rows));
