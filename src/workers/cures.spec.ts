import * as dl from 'rxtensor';
import {
  inWorker,
  remoteVariables,
  serve,
  type InWorkerOptions,
  type ServedParameters,
  type WorkerLike,
} from 'rxtensor/workers';
import {
  concatMap,
  concatWith,
  defer,
  finalize,
  from,
  NEVER,
  of,
  take,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { itIsCured, type Ailment } from '../../test/support/cures';

class Box {
  constructor(readonly x: dl.Tensor) {}
}

type Pipeline = (
  input$: Observable<never>,
  parameters: ServedParameters<Record<string, unknown>>,
) => Observable<unknown>;

/** A worker whose file has been given this pipeline, after a while or never; a channel stands for its port. */
function workerOf(pipeline: Pipeline | null, after = 0): () => WorkerLike {
  return () => {
    const { port1, port2 } = new MessageChannel();
    const isOver = { now: false };
    const begin = (): void => {
      if (pipeline && !isOver.now) serve(pipeline, { port: port2 });
    };
    if (after > 0) setTimeout(begin, after);
    else begin();
    return Object.assign(port1, {
      terminate: () => {
        isOver.now = true;
        port1.close();
      },
    });
  };
}

const echo: Pipeline = (input$) => input$;
const across = (
  pipeline: Pipeline | null,
  options: InWorkerOptions = {},
): OperatorFunction<unknown, unknown> => inWorker(workerOf(pipeline), options);
const late = (timeout: number, after = 60): Observable<unknown> =>
  of(1).pipe(inWorker(workerOf(echo, after), { timeout }));

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const tensors = (): Observable<dl.Scalar> => dl.examples([1, 2]).pipe(scalars);

/** A stream with a weight, which ends with it. */
function withWeight(make: (weight: dl.Variable) => Observable<unknown>): () => Observable<unknown> {
  return () =>
    defer(() => {
      const weight = dl.tidy(() => dl.variable(dl.scalar(1), true, 'weight'));
      return make(weight).pipe(finalize(() => dl.dispose(weight)));
    });
}

/** What trains on the one side, and keeps a checkpoint on either. */
function trained(
  where: 'here' | 'there',
  checkpoint: 'here' | 'there',
  position: boolean,
): () => Observable<unknown> {
  return withWeight((weight) => {
    const sgd = dl.train.sgd(0.01);
    const step = dl.trainStep<dl.Tensor>(sgd, (x) => dl.square(dl.mul(weight, x)));
    const kept = dl.checkpoint<unknown>({ every: 1, store: dl.memoryStore(), position });
    const there: Pipeline = (input$) => {
      const losses$ = where === 'there' ? input$.pipe(step) : input$;
      return checkpoint === 'there' ? losses$.pipe(kept) : losses$;
    };
    const crossed$ = tensors().pipe(across(there)) as Observable<dl.Tensor>;
    const losses$ = where === 'here' ? crossed$.pipe(step) : crossed$;
    return (checkpoint === 'here' ? losses$.pipe(kept) : losses$).pipe(finalize(() => sgd.dispose()));
  });
}

/** Asks for the variables of a worker whose pipeline runs, or has none to ask. */
function asked(names: readonly string[], isGiven: boolean): () => Observable<unknown> {
  return withWeight(() => {
    const variables = remoteVariables();
    return of(1).pipe(
      concatWith(NEVER),
      across(echo, isGiven ? { variables } : {}),
      concatMap(() => from(variables.get(names))),
      take(1),
    );
  });
}

const rows: Readonly<Record<string, Ailment>> = {
  'a worker that never serves': {
    says: 'wanted serve(pipeline) in its file',
    stream: () => NEVER.pipe(across(null, { timeout: 20 })),
    cures: { 'serve(pipeline)': () => of(1).pipe(across(echo)) },
  },
  'a worker that is silent for long': {
    says: "a longer time in the option 'timeout' where it computes for so long without a pause (Infinity waits for ever)",
    // So late that a busy machine still finds it silent.
    stream: () => late(20, 5_000),
    cures: { 'a longer time': () => late(60_000), Infinity: () => late(Infinity) },
  },
  'a tensor on the tape': {
    says: 'Compute the loss and take the step on one side, or use predict(model) instead of mapTensor(model)',
    stream: withWeight((weight) =>
      tensors().pipe(
        dl.mapTensor((x) => dl.mul(weight, x)),
        across(echo),
      ),
    ),
    cures: {
      predict: withWeight((weight) =>
        tensors().pipe(
          dl.predict((x) => dl.mul(weight, x)),
          across(echo),
        ),
      ),
      'on one side': trained('there', 'there', false),
    },
  },
  'a function': {
    says: 'wanted tensors, and what a structured clone takes (numbers, text, arrays, plain objects, dates, maps, blobs, …)',
    stream: () => of({ model: () => 1 }).pipe(across(echo)),
    cures: {
      'numbers, …': () =>
        of({ x: [1, 'text'], when: new Date(0), map: new Map([[1, 2]]) }).pipe(across(echo)),
    },
  },
  'a tensor where none is looked for': {
    says: 'where tensors are not looked for (only in plain objects and arrays)',
    stream: () =>
      tensors().pipe(
        dl.mapTensor((x) => ({ x: new Box(x) })),
        across(echo),
      ),
    cures: {
      'plain objects': () =>
        tensors().pipe(
          dl.mapTensor((x) => ({ x: [{ x }] })),
          across(echo),
        ),
    },
  },
  'a parameter that is not forwarded': {
    says: "it among inWorker's option 'parameters'",
    stream: () => of(1).pipe(across((_, { rate }) => rate!, { parameters: { momentum: 1 } })),
    cures: {
      "option 'parameters'": () => of(1).pipe(across((_, { rate }) => rate!, { parameters: { rate: 1 } })),
    },
  },
  'variables that no worker has': {
    says: "wanted this handle as option 'variables' of an inWorker that is subscribed to",
    stream: asked(['weight'], false),
    cures: { "option 'variables'": asked(['weight'], true) },
  },
  'a variable that the worker has not': {
    says: 'wanted one of its variables: weight',
    stream: asked(['wait'], true),
    cures: { 'one of its variables': asked(['weight'], true) },
  },
  'a checkpoint of what a worker trains': {
    says: 'wanted checkpoint there, below trainStep',
    stream: trained('there', 'here', true),
    cures: { there: trained('there', 'there', false) },
  },
  'a position that has crossed': {
    says: "or the option 'position: false', which leaves the position out",
    stream: trained('here', 'here', true),
    cures: { 'position: false': trained('here', 'here', false) },
  },
};

describe('What a message of inWorker or serve prescribes', () => itIsCured(rows));
