/** Makes a pipeline of tensors and the operators of this library. */
import * as dl from 'rxtensor';
import { recorded } from 'rxtensor/programs';
import {
  firstValueFrom,
  identity,
  map,
  merge,
  mergeMap,
  observeOn,
  pipe,
  tap,
  timer,
  type MonoTypeOperatorFunction,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { tensorsIn } from '../../src/tensor/container';
import { DRAWN_ERROR, modulo, MODULUS, type Algebra, type StepTable } from './algebra';
import { carriedOperator, carriedValues } from './carried-operator';
import { composed, sourced, type SourceTable } from './composed';
import type { Form, Lift, OwnStep, Pipeline, Source } from './description';
import { fed, type Fed } from './feeding';
import { plainOperator } from './plain-operator';
import { stockSteps } from './stock-steps';
import { ticking, type HotSources } from './timed-sources';

export interface TensorWorld extends Algebra<dl.Scalar> {
  readonly hot: HotSources;
  /** A variable, or an optimizer, that lives as long as the run. */
  readonly lasting: <T extends { dispose(): void }>(made: T) => T;
  /** Passes values on, and makes sure that they live as long as their emission. */
  readonly aliveThroughout: <T>() => MonoTypeOperatorFunction<T>;
}

interface NestedScalars {
  readonly value: dl.Scalar;
  readonly more: readonly [dl.Scalar];
}

const wrapped = (x: dl.Tensor): dl.Scalar => dl.mod(x, MODULUS);
const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const read = (x: dl.Tensor): number => x.dataSync()[0]!;

/** The sum of all numbers in the tensors of a value. */
function sumOf(value: unknown): dl.Scalar {
  return tensorsIn(value)
    .map((each): dl.Scalar => dl.sum(each))
    .reduce((sum, each) => dl.add(sum, each));
}

/** The sum of all numbers in a value that was read. */
function plainSum(value: unknown): number {
  if (typeof value === 'number') return value;
  const parts: unknown[] = ArrayBuffer.isView(value)
    ? Array.from(value as Float32Array)
    : Object.values(value as object);
  return parts.reduce<number>((sum, each) => sum + plainSum(each), 0);
}

const folded = dl.mapTensor((value: unknown) => wrapped(sumOf(value)));

/** What goes into an operator that holds values of a form. */
function formed(form: Form): OperatorFunction<dl.Scalar, unknown> {
  return form === 'scalar'
    ? identity
    : dl.mapTensor((x: dl.Scalar): NestedScalars => ({ value: x.clone(), more: [dl.add(x, 1)] }));
}

function within(
  form: Form,
  operator: OperatorFunction<unknown, unknown>,
  { aliveThroughout }: TensorWorld,
): MonoTypeOperatorFunction<dl.Scalar> {
  return pipe(formed(form), operator, aliveThroughout(), folded);
}

/** Looks at each value again when everyone below has seen it: its emission has not ended. */
function lookingAfterwards(freedEarly: (what: string) => void): <T>() => MonoTypeOperatorFunction<T> {
  return <T>() =>
    plainOperator<T, T>((subscriber) => ({
      next: (value) => {
        const tensors = tensorsIn(value);
        subscriber.next(value);
        for (const { id, isDisposed } of tensors) if (isDisposed) freedEarly(`tensor #${id}`);
      },
    }));
}

const lifts: Readonly<Record<Lift, OperatorFunction<number, dl.Scalar>>> = {
  mapTensor: scalars,
  'scoped and map': pipe(
    dl.scoped(),
    map((x) => dl.scalar(x)),
  ),
  map: pipe(
    // Two are made that do not arrive.
    map((x) => dl.scalar(x).add(1).sub(1)),
    dl.mapTensor((x): dl.Scalar => x.clone()),
  ),
};

/** A projection that takes its time, and looks at its tensors before and after. */
function slowly(
  time: number,
  scheduler: SchedulerLike,
  makes: 'tidily' | 'freely' = 'tidily',
): (value: unknown) => Promise<dl.Scalar> {
  return async (value) => {
    const first = makes === 'freely' ? wrapped(sumOf(value)) : null;
    const once = first ? read(first) : dl.tidy(() => read(sumOf(value)));
    await firstValueFrom(timer(time, scheduler));
    return dl.tidy(() => wrapped(dl.add(dl.mul(first ?? sumOf(value), 2), once)));
  };
}

function trained(
  { loss: where, accumulate, recorded: isRecorded }: Extract<OwnStep, { op: 'trainStep' }>,
  { lasting }: TensorWorld,
): MonoTypeOperatorFunction<dl.Scalar> {
  const weight = lasting(dl.tidy(() => dl.variable(dl.scalar(1))));
  const descent = lasting(dl.train.sgd(1));
  const loss = (x: dl.Scalar): dl.Scalar => dl.mul(weight, x);
  const options = { accumulate, ...(isRecorded ? { recorded } : {}) };
  const steps: Record<typeof where, OperatorFunction<dl.Scalar, dl.Scalar>> = {
    function: dl.trainStep(descent, loss, options),
    above: pipe(
      dl.mapTensor(loss),
      map((x) => dl.add(x, 0)),
      tap(read),
      dl.trainStep(descent, options),
    ),
    halves: pipe(dl.gradients(loss), dl.applyGradients(descent)),
  };
  return pipe(
    steps[where],
    dl.mapTensor((mean) => wrapped(dl.floor(mean))),
  );
}

/** The function of a step, recorded if that was drawn. */
function maybeRecorded<F extends (...args: never[]) => unknown>(step: { recorded: boolean }, f: F): F {
  return step.recorded ? recorded(f) : f;
}

const ownSteps: StepTable<OwnStep, TensorWorld, dl.Scalar> = {
  mapTensor: (step, { changed }) => dl.mapTensor(maybeRecorded(step, changed)),
  predict: (step, { lasting }) => {
    const two = lasting(dl.tidy(() => dl.variable(dl.scalar(2))));
    return dl.predict(maybeRecorded(step, (x: dl.Scalar) => wrapped(dl.add(dl.mul(two, x), 1))));
  },
  scoped: () => dl.scoped(),
  scanTensor: ({ seeded, ...step }) => {
    const add = maybeRecorded(step, (sum: dl.Scalar, x: dl.Scalar) => wrapped(dl.add(sum, x)));
    return seeded ? dl.scanTensor(add, () => dl.scalar(5)) : dl.scanTensor(add);
  },
  batch: ({ size, dropRemainder, form }, world) => within(form, dl.batch(size, { dropRemainder }), world),
  unbatch: ({ rows }) =>
    pipe(
      dl.mapTensor((x: dl.Scalar) => dl.add<dl.Tensor1D>(x, dl.range(0, rows))),
      dl.unbatch(),
      dl.mapTensor(wrapped),
    ),
  shuffle: ({ buffer, seed, form }, world) => within(form, dl.shuffle(buffer, { seed }), world),
  slidingWindow: ({ size, stride, form }, world) => within(form, dl.slidingWindow(size, { stride }), world),
  mapTensorAsync: (step, world) => {
    const project = slowly(world.timing.exact(step, 'work'), world.scheduler, step.makes);
    return within(step.form, dl.mapTensorAsync(project, { concurrency: step.concurrency }), world);
  },
  download: ({ form }, { projecting, make }) =>
    pipe(
      formed(form),
      dl.download(),
      projecting((value) => make(modulo(plainSum(value)))),
    ),
  latest: (step, { scheduler, timing, projecting, make }) =>
    pipe(
      formed(step.form),
      dl.latest(),
      dl.mapTensorAsync(slowly(timing.exact(step, 'work'), scheduler)),
      map(read),
      observeOn(scheduler, timing.exact(step, 'after')),
      projecting(make),
    ),
  own: ({ form }, { projecting, make }) =>
    pipe(
      formed(form),
      dl.own(),
      map((value) => {
        const sum = dl.tidy(() => read(wrapped(sumOf(value))));
        dl.dispose(value as object);
        return sum;
      }),
      projecting(make),
    ),
  trainStep: trained,
  across: ({ carrying, form, holds }, world) => {
    const operator = carriedOperator(carrying, world.timing, world.scheduler);
    const options = holds === 'left out' ? {} : { holds: carriedValues(carrying) };
    return within(form, dl.across(operator, options), world);
  },
  shareReplayTensor: (step, world) => {
    const late = timer(world.timing.exact(step, 'late'), world.scheduler);
    const subscribedTwice: MonoTypeOperatorFunction<unknown> = (source) => {
      const shared = source.pipe(dl.shareReplayTensor(step.size));
      return merge(shared, late.pipe(mergeMap(() => shared)));
    };
    return within(step.form, subscribedTwice, world);
  },
  combineLatestTensor: ({ other }, { pipeline, aliveThroughout }) => {
    const other$ = pipeline(other);
    return (source) => dl.combineLatestTensor([source, other$]).pipe(aliveThroughout(), folded);
  },
  zipTensor: ({ other }, { pipeline, aliveThroughout }) => {
    const other$ = pipeline(other);
    return (source) => dl.zipTensor([source, other$]).pipe(aliveThroughout(), folded);
  },
  withLatestFromTensor: ({ other }, { pipeline, aliveThroughout }) => {
    const other$ = pipeline(other);
    return (source) => source.pipe(dl.withLatestFromTensor(other$), aliveThroughout(), folded);
  },
};

const table = { ...stockSteps<dl.Scalar>(), ...ownSteps };

/** An iterable that yields values, and then ends, or fails. */
function* iterated<T>({ values, ending }: Source, make: (x: number) => T): Generator<T> {
  for (const value of values) yield make(value);
  if (ending === 'error') throw new Error(DRAWN_ERROR);
}

const iterable = <T>(source: Source, make: (x: number) => T): Iterable<T> => ({
  [Symbol.iterator]: () => iterated(source, make),
});

/** A clock that stands still: no slice of the thread's time is ever over, and values come in the action that makes room for them. */
const unhurried = (scheduler: SchedulerLike): SchedulerLike => ({
  now: () => 0,
  schedule: (...action: Parameters<SchedulerLike['schedule']>) => scheduler.schedule(...action),
});

const sources: SourceTable<TensorWorld, dl.Scalar> = {
  examples: (source, { scheduler, timing }) => {
    const options = { scheduler: unhurried(scheduler), inFlight: Infinity };
    const values =
      source.yields === 'tensors'
        ? dl.examples(
            iterable(source, (x) => dl.scalar(x)),
            options,
          )
        : dl.examples(iterable(source, identity), options).pipe(scalars);
    return timer(timing.exact(source, 'start'), scheduler).pipe(mergeMap(() => values));
  },
  paced: (source, { scheduler, timing, projecting, make }) => {
    const options = { scheduler: unhurried(scheduler), inFlight: source.inFlight };
    const values = dl
      .examples(iterable(source, identity), options)
      .pipe(
        scalars,
        dl.mapTensorAsync(slowly(timing.exact(source, 'work'), scheduler)),
        map(read),
        observeOn(scheduler, timing.exact(source, 'after')),
        projecting(make),
      );
    return timer(timing.exact(source, 'start'), scheduler).pipe(mergeMap(() => values));
  },
  hot: (source, { hot }) => hot.at(source).pipe(lifts[source.lift]),
  cold: (source, { scheduler, timing }) => ticking(source, timing, scheduler).pipe(lifts[source.lift]),
};

/**
 * The stream of a pipeline, for each who feeds it.
 *
 * @param freedEarly told of tensors that died before their emissions ended
 */
export function tensorStream(
  pipeline: Pipeline,
  world: Pick<TensorWorld, 'scheduler' | 'timing' | 'hot' | 'lasting'>,
  freedEarly: (what: string) => void,
): Fed<dl.Scalar> {
  const aliveThroughout = lookingAfterwards(freedEarly);
  const full: TensorWorld = {
    ...world,
    aliveThroughout,
    read,
    changed: (x) => wrapped(dl.add(dl.mul(x, 2), 1)),
    sum: (x, addend) => wrapped(dl.add(x, addend)),
    projecting: dl.mapTensor,
    adding: (tell) =>
      dl.scanTensor(
        (sum: dl.Scalar, x: dl.Scalar) => {
          tell(x);
          return wrapped(dl.add(sum, x));
        },
        () => dl.scalar(5),
      ),
    make: (x) => dl.scalar(x),
    pipeline: ({ source, steps }) => sourced(sources, source, full).pipe(full.steps(steps)),
    steps: (steps) => composed(table, steps, full, aliveThroughout()),
  };
  return fed(full, pipeline, (source) => sourced(sources, source, full));
}
