// The worker for specs of workers. It has pipelines by name; the parameter `pipeline` names the one to run.
import * as dl from 'rxtensor';
import { measurePart, metrics, rocAuc, regression } from 'rxtensor/data';
import { timeOf } from 'rxtensor/vision';
import 'rxtensor/webgpu';
import { serve } from 'rxtensor/workers';
import { loseContext } from './lose-context';
import {
  concat,
  concatMap,
  defer,
  delay,
  endWith,
  from,
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

/** An error class as programs define them. */
class OutOfLuck extends Error {
  override readonly name = 'OutOfLuck';
  readonly code = 'E_LUCK';
}

const refuse = (error: unknown) => (): never => {
  throw error;
};

/** A counter that the page can read while a pipeline is stuck. */
function counter(name: string): { readonly add: () => void } {
  const count = dl.tidy(() => dl.variable(dl.scalar(0), false, name));
  return { add: () => dl.tidy(() => count.assign(dl.scalar(count.dataSync()[0]! + 1))) };
}

const pipelines = {
  echo: (input$: Values$) => input$,
  /** Each image as a canvas shows it, mirrored; only where there are canvases. */
  painted: (input$: Values$) => {
    const canvas = new OffscreenCanvas(1, 1);
    return (input$ as Observable<dl.Tensor3D>).pipe(
      dl.paint(canvas),
      dl.mapTensor(() => dl.fromPixels(canvas, { mirror: true })),
    );
  },
  /** What metrics amount to for its part of the data. */
  measured: (input$: Observable<{ labels: number[]; scores: number[]; predictions: number[] }>) =>
    input$.pipe(measurePart(metrics({ auc: rocAuc(), errors: regression() }))),
  square: (input$: Values$) => input$.pipe(dl.mapTensor((x) => x.square())),
  /** Works on each value for a while. The variable 'begun' counts the values. */
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
  /** Takes values and never finishes one. */
  stuck: (input$: Values$) => input$.pipe(dl.mapTensorAsync(() => new Promise<dl.Tensor>(() => undefined))),
  /** Has its own source. The variable 'made' counts the values that it has made. */
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
  /** Emits the times of the page's frames, as they arrive here. */
  times: (input$: Values$) => input$.pipe(map(() => timeOf())),
  /** Emits the trails of the page's values, as they arrive here. */
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
  'loses its context': (input$: Values$) =>
    input$.pipe(
      dl.mapTensor((x) => {
        const far = dl.tidy(() => dl.variable(x.square(), true, 'far'));
        loseContext();
        return far.square();
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
  /** Fits a slope with the learning rate of the parameter `rate`. */
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
  /** Does some work, and ends with the memory in use afterwards, less that in use before. */
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
  /** Emits values while it waits for answers of the page. */
  both: (input$: Values$) =>
    merge(input$.pipe(dl.mapTensor((x) => x.add(1))), input$.pipe(map(() => 'seen'))).pipe(endWith('end')),
  ordered: (input$: Values$) => input$.pipe(concatMap((x) => of(x, 'between'))),
} satisfies Record<string, (input$: never, parameters: never) => unknown>;

export type PipelineName = keyof typeof pipelines;

serve<never, unknown, Parameters>((input$, parameters) =>
  parameters.backend.pipe(
    take(1),
    switchMap((backend) => {
      const opened = dl.setBackend(backend);
      // Its device opens asynchronously.
      return backend === 'webgpu'
        ? from(opened).pipe(switchMap(() => parameters.pipeline))
        : parameters.pipeline;
    }),
    take(1),
    switchMap((name) => pipelines[name](input$, parameters as never) as Observable<unknown>),
  ),
);
