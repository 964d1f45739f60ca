/** Makes a pipeline of numbers and plain RxJS: what the same pipeline of tensors has to emit, and how much of it is held at any moment. */
import {
  bufferCount,
  combineLatest,
  filter,
  from,
  identity,
  map,
  merge,
  mergeMap,
  observeOn,
  Observable,
  pipe,
  ReplaySubject,
  scan,
  share,
  tap,
  timer,
  withLatestFrom,
  zip,
  type MonoTypeOperatorFunction,
  type OperatorFunction,
} from 'rxjs';
import { modulo, REENTERED, type Algebra, type StepTable } from './algebra';
import { carriedOperator, carriedValues } from './carried-operator';
import { composed, sourced, type SourceTable } from './composed';
import { descent } from './descent';
import type { Form, OwnStep, Pipeline } from './description';
import { fed, type Fed } from './feeding';
import { inOrder, newest } from './in-order';
import { plainOperator } from './plain-operator';
import { shuffled } from './reordering';
import { stockSteps } from './stock-steps';
import { atOnce, ticking, type HotSources } from './timed-sources';
import { READ_TIME } from './timing';
import { carrying, gathering, holding, type LiveWindow } from './window';

export interface PlainWorld extends Algebra<number> {
  readonly hot: HotSources;
  readonly window: LiveWindow;
}

type Nested = number | readonly Nested[];

/** The sum of all numbers in a value. */
function sumOf(value: Nested): number {
  return typeof value === 'number' ? value : value.reduce<number>((sum, each) => sum + sumOf(each), 0);
}

/** How many tensors a value of a form has. */
const tensorsIn = (form: Form): number => (form === 'nested' ? 2 : 1);
const folded = map((value: Nested) => modulo(sumOf(value)));

/** An operator between values of a form. */
function within(form: Form, operator: OperatorFunction<Nested, Nested>): MonoTypeOperatorFunction<number> {
  return pipe(
    map((x): Nested => (form === 'nested' ? [x, [x + 1]] : x)),
    operator,
    folded,
  );
}

const ownSteps: StepTable<OwnStep, PlainWorld, number> = {
  mapTensor: (_step, { changed }) => map(changed),
  predict: (_step, { changed }) => map(changed),
  scoped: () => identity,
  scanTensor: ({ seeded }, { window }) => {
    const add = (sum: number, x: number): number => modulo(sum + x);
    return pipe(seeded ? scan(add, 5) : scan(add), holding(window, 1));
  },
  batch: ({ size, dropRemainder, form }, { window }) =>
    within(
      form,
      pipe(
        bufferCount(size),
        filter((values) => !dropRemainder || values.length === size),
        holding(window, size * tensorsIn(form)),
      ),
    ),
  unbatch: ({ rows }) => mergeMap((x) => from(Array.from({ length: rows }, (_, i) => modulo(x + i)))),
  shuffle: ({ buffer, seed, form }, { window }) =>
    within(form, pipe(shuffled(buffer, seed), holding(window, buffer * tensorsIn(form)))),
  slidingWindow: ({ size, stride, form }, { window }) =>
    within(
      form,
      pipe(
        bufferCount(size, stride),
        filter((values) => values.length === size),
        holding(window, size * tensorsIn(form)),
      ),
    ),
  mapTensorAsync: (step, { scheduler, timing, window }) => {
    const tensors = tensorsIn(step.form);
    // Beside the value, what the function makes before it awaits: a sum of each tensor, one of each further pair, and the rest of that.
    const running = step.makes === 'freely' ? 3 * tensors : tensors;
    const awaited = inOrder<Nested, number>(step.concurrency, {
      scheduler,
      time: timing.exact(step, 'work'),
      project: (value) => modulo(sumOf(value) * 3),
      onWaiting: (change) => window.add(change * tensors),
      onRunning: (change) => window.add(change * running),
    });
    return within(step.form, awaited);
  },
  download: ({ form }, { scheduler }) =>
    within(form, inOrder<Nested, Nested>(Infinity, { scheduler, time: READ_TIME, project: identity })),
  latest: (step, { scheduler, timing, window }) => {
    const held = (change: number): void => window.add(change * tensorsIn(step.form));
    const awaited = newest<Nested, number>({
      scheduler,
      time: timing.exact(step, 'work'),
      project: (value) => modulo(sumOf(value) * 3),
      onWaiting: held,
      onRunning: held,
    });
    return pipe(within(step.form, awaited), observeOn(scheduler, timing.exact(step, 'after')));
  },
  own: ({ form }) => within(form, identity),
  trainStep: ({ loss, accumulate }, { window }) => {
    const batches = loss === 'halves' ? 1 : accumulate;
    return pipe(
      descent(batches),
      holding(window, batches === 1 ? 0 : 2),
      map((mean) => modulo(Math.floor(mean))),
    );
  },
  across: ({ carrying: step, form, holds }, { scheduler, timing, window }) => {
    const operator = carriedOperator<Nested>(step, timing, scheduler);
    const values = holds === 'left out' ? Infinity : carriedValues(step);
    const tensors = tensorsIn(form);
    if (values === 'all') return within(form, carrying(window, tensors, operator));
    if (values === Infinity) return within(form, gathering(window, tensors, operator));
    return within(form, pipe(operator, holding(window, values * tensors)));
  },
  shareReplayTensor: (step, { scheduler, timing, window }) => {
    const late = timer(timing.exact(step, 'late'), scheduler);
    return within(step.form, (source) => {
      const shared = source.pipe(
        holding(window, step.size * tensorsIn(step.form)),
        share({ connector: () => new ReplaySubject(step.size) }),
      );
      return merge(shared, late.pipe(mergeMap(() => shared)));
    });
  },
  combineLatestTensor: ({ other }, { pipeline, window }) => {
    const other$ = pipeline(other);
    return (source) => combineLatest([source, other$]).pipe(holding(window, 2), folded);
  },
  zipTensor: ({ other }, { pipeline, window }) => {
    const other$ = pipeline(other);
    return (source) =>
      new Observable((subscriber) => {
        let waiting = 0;
        const change = (by: number): void => {
          waiting += by;
          window.add(by);
        };
        subscriber.add(() => change(-waiting));
        const arrives = tap<number>(() => change(1));
        const leaves = tap<Nested>(() => change(-2));
        zip(source.pipe(arrives), other$.pipe(arrives)).pipe(leaves, folded).subscribe(subscriber);
      });
  },
  withLatestFromTensor: ({ other }, { pipeline, window }) => {
    const other$ = pipeline(other);
    return (source) => source.pipe(withLatestFrom(other$), holding(window, 1), folded);
  },
};

/** `scanTensor` from the state 5, with a function that tells of each value. */
function adding(tell: (value: number) => void, window: LiveWindow): MonoTypeOperatorFunction<number> {
  return pipe(
    plainOperator<number, number>((subscriber) => {
      let state = 5;
      let isAtWork = false;
      return {
        next: (x) => {
          if (isAtWork) {
            subscriber.error(new Error(REENTERED));
            return;
          }
          isAtWork = true;
          tell(x);
          isAtWork = false;
          state = modulo(state + x);
          subscriber.next(state);
        },
      };
    }),
    holding(window, 1),
  );
}

const table: StepTable<OwnStep, PlainWorld, number> & ReturnType<typeof stockSteps<number>> = {
  ...stockSteps<number>(),
  ...ownSteps,
};

const sources: SourceTable<PlainWorld, number> = {
  examples: (source, { scheduler, timing }) =>
    timer(timing.exact(source, 'start'), scheduler).pipe(
      mergeMap(() => timer(0, scheduler)),
      mergeMap(() => atOnce(source)),
    ),
  paced: (source, { scheduler, timing, window }) =>
    timer(timing.exact(source, 'start'), scheduler).pipe(
      mergeMap(() => timer(0, scheduler)),
      mergeMap(() => atOnce(source)),
      inOrder(1, {
        scheduler,
        time: timing.exact(source, 'work'),
        project: (x: number) => modulo(x * 3),
        onRunning: (change) => window.add(change),
      }),
      holding(window, source.inFlight - 1),
      observeOn(scheduler, timing.exact(source, 'after')),
    ),
  hot: (source, { hot }) => hot.at(source),
  cold: (source, { scheduler, timing }) => ticking(source, timing, scheduler),
};

/**
 * The stream of a pipeline, for each who feeds it.
 *
 * @param mayGoOn asked for each value that any step emits; where it says no, no more come
 */
export function plainStream(
  pipeline: Pipeline,
  world: Pick<PlainWorld, 'scheduler' | 'timing' | 'hot' | 'window'>,
  mayGoOn: () => boolean,
): Fed<number> {
  const between = filter<number>(mayGoOn);
  const full: PlainWorld = {
    ...world,
    read: identity,
    changed: (x) => modulo(2 * x + 1),
    sum: (x, addend) => modulo(x + addend),
    projecting: (project) => map((value) => project(value)),
    adding: (tell) => adding(tell, world.window),
    make: identity,
    pipeline: ({ source, steps }) => between(sourced(sources, source, full)).pipe(full.steps(steps)),
    steps: (steps) => composed(table, steps, full, between),
  };
  return fed(full, pipeline, (source) => between(sourced(sources, source, full)));
}
