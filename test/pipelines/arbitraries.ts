/** Draws scenarios. Counts and times are small: what goes wrong goes wrong with few values, and those are the ones that are read. */
import * as fc from 'fast-check';
import type {
  Carrying,
  Form,
  Leaving,
  Lift,
  Pipeline,
  Scenario,
  Source,
  Step,
  Subscriber,
} from './description';

/** Objects that print as they are written. */
function record<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true });
}

const time = fc.integer({ min: 1, max: 5 });
const count = fc.integer({ min: 1, max: 4 });
const form = fc.constantFrom<Form>('scalar', 'nested');

const values = {
  values: fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 8 }),
  start: fc.integer({ min: 0, max: 4 }),
};
const stops = fc.constantFrom('complete', 'complete', 'complete', 'error' as const);
const endings = fc.constantFrom('complete', 'complete', 'error', 'never' as const);
const lift = fc.constantFrom<Lift>('mapTensor', 'scoped and map', 'map');

const source: fc.Arbitrary<Source> = fc.oneof(
  record({
    source: fc.constant('examples' as const),
    ...values,
    ending: stops,
    yields: fc.constantFrom('numbers', 'tensors' as const),
  }),
  record({ source: fc.constant('cold' as const), ...values, ending: endings, period: time, lift }),
  record({ source: fc.constant('hot' as const), ...values, ending: endings, period: time, lift }),
  record({
    source: fc.constant('paced' as const),
    ...values,
    ending: stops,
    inFlight: fc.integer({ min: 1, max: 3 }),
    work: time,
    after: time,
  }),
);

const carrying: fc.Arbitrary<Carrying> = fc.oneof(
  record({
    by: fc.constantFrom(
      ...(['delay', 'delayWhen', 'observeOn', 'concatMap', 'mergeMap', 'switchMap', 'exhaustMap'] as const),
      ...(['debounceTime', 'debounce', 'auditTime', 'audit', 'sampleTime', 'throttleTime'] as const),
      ...(['leading throttleTime', 'bufferTime', 'windowTime'] as const),
    ),
    time,
  }),
  record({ by: fc.constantFrom('takeLast' as const, 'skipLast' as const), count }),
  record({ by: fc.constant('toArray' as const) }),
  record({ by: fc.constant('bufferCount' as const), size: count, every: count }),
  record({ by: fc.constant('pairwise' as const) }),
);

/** A step of this name with these arguments. */
function step<const Op extends Step['op'], T extends object>(
  op: Op,
  fields: { [K in keyof T]: fc.Arbitrary<T[K]> },
): fc.Arbitrary<{ op: Op } & T> {
  return record({ op: fc.constant(op), ...fields }) as fc.Arbitrary<{ op: Op } & T>;
}

/** A step of this name that has none. */
function bare<const Op extends Step['op']>(op: Op): fc.Arbitrary<{ op: Op }> {
  return record({ op: fc.constant(op) });
}

/** Steps that hold no pipeline, and subscribe once. */
const onceSubscribed: readonly fc.Arbitrary<Step>[] = [
  bare('map'),
  step('filter', { odd: fc.boolean() }),
  bare('tap'),
  step('take', { count }),
  step('skip', { count }),
  step('takeWhile', { below: fc.integer({ min: 0, max: 63 }), inclusive: fc.boolean() }),
  step('takeUntil', { time: fc.integer({ min: 0, max: 12 }) }),
  bare('scan'),
  bare('defer'),
  step('fail', {
    at: fc.integer({ min: 1, max: 6 }),
    within: fc.constantFrom('mapTensor', 'map', 'tap' as const),
  }),
  step('mapTensor', { recorded: fc.boolean() }),
  step('predict', { recorded: fc.boolean() }),
  bare('scoped'),
  step('scanTensor', { seeded: fc.boolean(), recorded: fc.boolean() }),
  step('batch', { size: count, dropRemainder: fc.boolean(), form }),
  step('unbatch', { rows: fc.integer({ min: 1, max: 3 }) }),
  step('shuffle', { buffer: count, seed: fc.integer({ min: 0, max: 9 }), form }),
  step('slidingWindow', { size: count, stride: count, form }),
  step('mapTensorAsync', {
    work: time,
    concurrency: fc.integer({ min: 1, max: 3 }),
    form,
    makes: fc.constantFrom('tidily' as const, 'freely' as const),
  }),
  step('download', { form }),
  step('latest', { work: time, after: time, form }),
  step('own', { form }),
  step('trainStep', {
    recorded: fc.boolean(),
    loss: fc.constantFrom('function', 'above', 'halves' as const),
    // A third would not be exact.
    accumulate: fc.integer({ min: 1, max: 2 }),
  }),
  step('across', { carrying, form, holds: fc.constantFrom('what it needs' as const, 'left out' as const) }),
];

/** Steps that may subscribe again, and later. */
const resubscribing: readonly fc.Arbitrary<Step>[] = [
  step('retry', { count: fc.integer({ min: 1, max: 2 }) }),
  step('repeat', { count: fc.integer({ min: 2, max: 3 }) }),
  step('shareReplayTensor', { size: fc.integer({ min: 1, max: 3 }), late: time, form }),
];

/** Steps with pipelines inside, no deeper than `depth`. */
function nestedSteps(depth: number): fc.Arbitrary<Step>[] {
  const steps = fc.array(anyStep(depth), { minLength: 0, maxLength: 3 });
  const inner = record({ source, steps });
  return [
    step('share', { left: steps, right: steps }),
    step('flatten', {
      by: fc.constantFrom('switchMap', 'mergeMap', 'concatMap', 'exhaustMap' as const),
      inner,
    }),
    step('flatten at once', {
      by: fc.constantFrom('switchMap', 'mergeMap' as const),
      count: fc.integer({ min: 1, max: 3 }),
      // The outer tensor is dead when they subscribe again.
      steps: fc.array(fc.oneof(...onceSubscribed), { maxLength: 3 }),
    }),
    step('merge', { other: inner }),
    step('concat', { other: inner }),
    step('catchError', { other: inner }),
    step('leave within', {
      count,
      where: fc.constantFrom('above', 'below', 'from above' as const),
      steps,
    }),
    step('feedback', {
      times: fc.integer({ min: 1, max: 3 }),
      by: fc.constantFrom('tap', 'after', 'projection', 'accumulate' as const),
      steps,
    }),
    step('combineLatestTensor', { other: inner }),
    step('zipTensor', { other: inner }),
    step('withLatestFromTensor', { other: inner }),
  ];
}

function anyStep(depth: number): fc.Arbitrary<Step> {
  const nested = depth > 0 ? nestedSteps(depth - 1) : [];
  return fc.oneof(...onceSubscribed, ...resubscribing, ...nested);
}

const pipeline: fc.Arbitrary<Pipeline> = record({
  source,
  steps: fc.array(anyStep(2), { minLength: 2, maxLength: 8 }),
});

const leaving: fc.Arbitrary<Leaving> = fc.oneof(
  record({ leaves: fc.constant('at the end' as const) }),
  record({ leaves: fc.constant('after' as const), time: fc.integer({ min: 0, max: 20 }) }),
  record({ leaves: fc.constant('inside next' as const), count: fc.integer({ min: 1, max: 5 }) }),
  record({ leaves: fc.constant('in a promise' as const), count: fc.integer({ min: 1, max: 5 }) }),
  record({
    leaves: fc.constant('later' as const),
    count: fc.integer({ min: 1, max: 5 }),
    time: fc.integer({ min: 0, max: 3 }),
  }),
);

const subscriber: fc.Arbitrary<Subscriber> = record({
  at: fc.integer({ min: 0, max: 12 }),
  leaving,
  feeds: fc.constantFrom(0, 0, 1, 2),
});

export const scenario: fc.Arbitrary<Scenario> = record({
  pipeline,
  subscribers: fc.array(subscriber, { minLength: 1, maxLength: 2 }),
});
