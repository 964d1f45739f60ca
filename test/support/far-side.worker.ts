// The other side of the specs of workers: pipelines by name; the parameter `pipeline` says which one is wanted.
import * as dl from '../../src/index';
import {
  concat,
  concatMap,
  defer,
  delay,
  endWith,
  ignoreElements,
  map,
  merge,
  NEVER,
  of,
  switchMap,
  take,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs';

type Values$ = Observable<dl.Tensor>;

interface Parameters {
  readonly pipeline: PipelineName;
  readonly backend: string;
  readonly rate: number;
}

/** An error as programs make their own. */
class OutOfLuck extends Error {
  override readonly name = 'OutOfLuck';
  readonly code = 'E_LUCK';
}

const refuse = (error: unknown) => (): never => {
  throw error;
};

/** A count that the page can read while a pipeline is stuck. */
function counter(name: string): { readonly add: () => void } {
  const count = dl.tidy(() => dl.variable(dl.scalar(0), false, name));
  return { add: () => dl.tidy(() => count.assign(dl.scalar(count.dataSync()[0]! + 1))) };
}

const pipelines = {
  echo: (input$: Values$) => input$,
  square: (input$: Values$) => input$.pipe(dl.mapTensor((x) => x.square())),
  /** How many of the values have been begun here is the variable 'begun'; each takes a while. */
  slow: (input$: Values$) => {
    const begun = counter('begun');
    return input$.pipe(
      tap(() => begun.add()),
      dl.mapTensorAsync(async (x) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return dl.tidy(() => x.mul(2));
      }),
    );
  },
  /** Takes in values, and is never done with one. */
  stuck: (input$: Values$) => input$.pipe(dl.mapTensorAsync(() => new Promise<dl.Tensor>(() => undefined))),
  /** A source of its own: how many values it has made is the variable 'made'. */
  counting: (input$: Observable<{ count: number; inFlight: number }>) => {
    const made = counter('made');
    return input$.pipe(
      switchMap(({ count, inFlight }) =>
        dl.examples(
          Array.from({ length: count }, (_, i) => i),
          { inFlight },
        ),
      ),
      tap(() => made.add()),
      dl.mapTensor((x) => dl.scalar(x)),
    );
  },
  /** What is known here of the page's values. */
  trails: (input$: Values$) =>
    input$.pipe(
      dl.progress(),
      map(({ step, fraction }) => [step, fraction]),
    ),
  late: (input$: Values$) => timer(50).pipe(switchMap(() => input$)),
  firstOnly: (input$: Values$) => input$.pipe(take(1)),
  completes: () => of(1, 2, 3),
  never: () => NEVER,
  failing: (input$: Values$) =>
    input$.pipe(
      dl.mapTensor((x) => {
        if (x.dataSync()[0]! < 0)
          throw new RangeError('no negative numbers', { cause: new OutOfLuck('bad luck') });
        return x.sqrt();
      }),
    ),
  ownError: () => throwError(() => new OutOfLuck('bad luck')),
  thrownText: () => throwError(() => 'just text'),
  throwsAtOnce: refuse(new TypeError('no pipeline today')),
  throwsLater: () => {
    setTimeout(refuse(new OutOfLuck('late')));
    return NEVER;
  },
  rejectsLater: () => {
    void Promise.reject(new OutOfLuck('forgotten'));
    return NEVER;
  },
  exits: () => {
    (globalThis as unknown as { process: { exit: (code: number) => void } }).process.exit(3);
    return NEVER;
  },
  emitsFunction: () => of({ model: [refuse('not called')] }),
  emitsTaped: (input$: Values$) => {
    const factor = dl.tidy(() => dl.variable(dl.scalar(2)));
    return input$.pipe(dl.mapTensor((x) => ({ y: factor.mul(x) })));
  },
  emitsDisposed: (input$: Values$) => input$.pipe(delay(0)),
  upstreamError: (input$: Values$) => input$.pipe(dl.download()),
  rates: (_: unknown, { rate }: { rate: Observable<number> }) => rate,
  misspelled: (_: unknown, parameters: object) => (parameters as { rat: Observable<number> }).rat,
  /** Fits a slope, step by step; takes the parameter `rate`. */
  training: (input$: Observable<{ x: dl.Tensor; y: dl.Tensor }>, { rate }: { rate: Observable<number> }) => {
    const slope = dl.tidy(() => dl.variable(dl.scalar(0), true, 'slope'));
    const optimizer = dl.train.sgd(0.5);
    return input$.pipe(
      dl.trainStep(optimizer, ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x)), {
        learningRate: rate,
      }),
      dl.mapTensor((loss) => ({ loss, rate: optimizer.learningRate })),
    );
  },
  /** Does some work, and ends with what is left in memory. */
  memory: (input$: Values$) => {
    const before = dl.memory();
    const left = defer(() => {
      const { numTensors, numDataBuffers, numBytes } = dl.memory();
      return of({
        tensors: numTensors - before.numTensors,
        buffers: numDataBuffers - before.numDataBuffers,
        bytes: numBytes - before.numBytes,
      });
    });
    const work$ = input$.pipe(
      dl.batch(2),
      dl.mapTensor((x) => x.square().sum()),
      ignoreElements(),
    );
    return concat(work$, left);
  },
  /** Emits and waits for the page at once: its answers come while it is asked. */
  both: (input$: Values$) =>
    merge(input$.pipe(dl.mapTensor((x) => x.add(1))), input$.pipe(map(() => 'seen'))).pipe(endWith('end')),
  ordered: (input$: Values$) => input$.pipe(concatMap((x) => of(x, 'between'))),
} satisfies Record<string, (input$: never, parameters: never) => unknown>;

export type PipelineName = keyof typeof pipelines;

dl.serve<never, unknown, Parameters>((input$, parameters) =>
  parameters.backend.pipe(
    take(1),
    switchMap((backend) => {
      dl.setBackend(backend);
      return parameters.pipeline;
    }),
    take(1),
    switchMap((name) => pipelines[name](input$, parameters as never) as Observable<unknown>),
  ),
);
