import { asyncScheduler, interval, isObservable, map, Observable, startWith, type SchedulerLike } from 'rxjs';
import { assertOptions } from '../tensor/options';
import { assertScheduler, wrongGiven } from '../streams/checks/arguments';
import { storageMemory } from '../tensor/device';
import { living } from '../tensor/tensor-count';
import { findingsIn } from './findings';
import type { PipelineFrame } from './pipeline-frame';
import { Recorder } from './recorder';
import { stagesOf } from './stages';
import { textOf } from './text';

/** When {@link inspect} calls a pipeline stuck. */
export interface InspectOptions {
  /** Milliseconds after which a value that does not go on is called stuck; 5000 when left out. */
  readonly stuckAfter?: number;
}

/** An inspection of a pipeline, which lasts until {@link Inspection.end}. */
export interface Inspection {
  /** The pipeline now. */
  readonly frame: () => PipelineFrame;
  /** The pipeline now, as text: a line for each stage, and what is wrong. */
  readonly text: () => string;
  /**
   * The pipeline every `every` milliseconds, 500 when left out; the first at once. It runs until it is unsubscribed from, or the inspection ends.
   */
  readonly frames: (every?: number, scheduler?: SchedulerLike) => Observable<PipelineFrame>;
  /** Ends the inspection and takes away all that it has added. The frames complete. */
  readonly end: () => void;
}

/**
 * Shows how a pipeline runs: its operators and sources as a graph, with rates, latencies, the tensors that each holds or leaves behind, drops, and
 * how long sources wait; and says what is wrong: which operator is stuck, leaks, drops or is slow.
 *
 * It sees subscriptions to `pipeline` that begin after this call, also those by operators below it. Streams emit the same values in the same
 * order as without it, and it makes no tensors. Operators of RxJS itself are seen as gaps, and the operators between `csv` and `batch`
 * that run on blocks of rows as one; of a stream that ends in `share()`, inspect what is above that. What runs in a worker is the one operator `inWorker`.
 *
 * @param pipeline any observable
 * @throws when `pipeline` is not an observable, or an option is wrong
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { inspect } from 'rxtensor/inspector';
 * const squares = dl.examples([1, 2, 3]).pipe(dl.mapTensor((x) => dl.scalar(x).square()), dl.download());
 * const inspection = inspect(squares);
 * squares.subscribe({
 *   complete: () => {
 *     console.log(inspection.text());
 *     inspection.end();
 *   },
 * });
 * ```
 */
export function inspect(pipeline: Observable<unknown>, options: InspectOptions = {}): Inspection {
  const name = 'inspect';
  if (!isObservable(pipeline)) throw wrongGiven(name, "argument 'pipeline'", pipeline, 'an observable');
  assertOptions<InspectOptions>(name, options, { stuckAfter: 1 });
  const { stuckAfter = 5000 } = options;
  if (!(stuckAfter >= 0)) {
    throw new Error(`${name}: option 'stuckAfter' is ${stuckAfter}; wanted milliseconds, not negative`);
  }
  const recorder = startRecording();
  const target = targetOf(pipeline, recorder);
  const endings = new Set<() => void>();
  let last: PipelineFrame | null = null;

  const take = (): PipelineFrame => {
    const time = recorder.now() - target.began;
    const stages = stagesOf(recorder, target.subscribed.place);
    const { numBytes } = storageMemory();
    const findings = findingsIn(stages, time, stuckAfter);
    return { time, stages, findings, memory: { numTensors: living.tensors, numBytes } };
  };
  const frame = (): PipelineFrame => last ?? take();
  return {
    frame,
    text: () => textOf(frame()),
    frames: (every = 500, scheduler = asyncScheduler) => {
      if (!(every > 0 && every < 2 ** 31))
        throw new Error(`frames: argument 'every' is ${every}; wanted milliseconds`);
      assertScheduler('frames', scheduler);
      return new Observable((observer) => {
        const end = (): void => observer.complete();
        const ticking = interval(every, scheduler).pipe(startWith(0), map(frame)).subscribe(observer);
        if (last) end();
        endings.add(end);
        return () => {
          endings.delete(end);
          ticking.unsubscribe();
        };
      });
    },
    end: () => {
      if (last) return;
      last = take();
      for (const end of endings) end();
      release(pipeline, target);
      stopRecording();
    },
  };
}

/** One recorder serves all inspections. */
let recording: { readonly recorder: Recorder; inspections: number } | null = null;

function startRecording(): Recorder {
  recording ??= { recorder: new Recorder(), inspections: 0 };
  recording.inspections++;
  return recording.recorder;
}

function stopRecording(): void {
  if (!recording || --recording.inspections > 0) return;
  recording.recorder.end();
  recording = null;
}

type Subscribed = ReturnType<Recorder['subscriberOf']>;

/** An inspected observable. All inspections of it share what is recorded. */
interface Target {
  readonly subscribed: Subscribed;
  readonly began: number;
  readonly restore: () => void;
  inspections: number;
}

const targets = new Map<Observable<unknown>, Target>();

function targetOf(observable: Observable<unknown>, recorder: Recorder): Target {
  let target = targets.get(observable);
  if (!target) {
    const subscribed = recorder.subscriberOf(observable);
    const restore = tellOfSubscribing(observable, (subscriber, subscribe) =>
      recorder.within(subscribed, subscriber, subscribe),
    );
    target = { subscribed, restore, began: recorder.now(), inspections: 0 };
    targets.set(observable, target);
  }
  target.inspections++;
  return target;
}

function release(observable: Observable<unknown>, target: Target): void {
  if (--target.inspections > 0) return;
  target.restore();
  targets.delete(observable);
}

/** Gives an observable a method `subscribe` of its own, which calls `around`. Returns a function that takes it away. */
function tellOfSubscribing(
  observable: Observable<unknown>,
  around: (subscriber: unknown, subscribe: () => object) => object,
): () => void {
  const before = Object.getOwnPropertyDescriptor(observable, 'subscribe');
  const subscribe: unknown = Reflect.get(observable, 'subscribe');
  const value = (...args: unknown[]): object =>
    around(args[0], () => Reflect.apply(subscribe as (...args: unknown[]) => object, observable, args));
  Object.defineProperty(observable, 'subscribe', { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(observable, 'subscribe', before);
    else Reflect.deleteProperty(observable, 'subscribe');
  };
}
