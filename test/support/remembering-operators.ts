/** The operators of RxJS that store or delay values, used on tensors in place of this library's forms: a tensor is dead when it is used. */
import {
  asyncScheduler,
  AsyncSubject,
  BehaviorSubject,
  audit,
  auditTime,
  buffer,
  bufferCount,
  bufferTime,
  bufferToggle,
  bufferWhen,
  combineLatest,
  combineLatestAll,
  combineLatestWith,
  concatAll,
  concatMap,
  connect,
  debounce,
  debounceTime,
  delay,
  delayWhen,
  distinctUntilChanged,
  exhaustAll,
  exhaustMap,
  expand,
  forkJoin,
  interval,
  last,
  map,
  max,
  mergeAll,
  mergeMap,
  mergeScan,
  min,
  observeOn,
  of,
  pairwise,
  reduce,
  ReplaySubject,
  sample,
  sampleTime,
  scan,
  sequenceEqual,
  share,
  shareReplay,
  single,
  skipLast,
  switchAll,
  switchMap,
  switchScan,
  takeLast,
  throttle,
  throttleTime,
  timer,
  toArray,
  windowCount,
  withLatestFrom,
  zip,
  zipAll,
  zipWith,
  type Observable,
  type Subject,
} from 'rxjs';
import * as dl from '../../src/index';
import { plainValues as plain } from '../../src/testing/plain-values';

export type Tensors = Observable<dl.Scalar>;

/** A use of an operator of RxJS on tensors that is wrong. */
export interface Misuse {
  readonly stream: (tensors: Tensors) => Observable<unknown>;
  /** The values of 1, 2, 3, 4 that can be read before the first dead one; none if left out. */
  readonly before?: readonly unknown[];
  /** This library's form, which the message must name. */
  readonly cure: string;
}

/** The same values half a step later. */
const late = (tensors: Tensors): Tensors => timer(1).pipe(mergeMap(() => tensors));

/** Emits a value a little later. */
const slowly = (x: dl.Scalar): Tensors => timer(1).pipe(map(() => x));
const byValue = (a: dl.Scalar, b: dl.Scalar): number => a.dataSync()[0]! - b.dataSync()[0]!;

/** The misuses by the operator's name, with the way of use where it matters. */
export const rememberingOperators: Readonly<Record<string, Misuse>> = {
  delay: { stream: (x$) => x$.pipe(delay(5)), cure: 'across' },
  delayWhen: { stream: (x$) => x$.pipe(delayWhen(() => timer(1))), cure: 'across' },
  observeOn: { stream: (x$) => x$.pipe(observeOn(asyncScheduler)), cure: 'across' },
  debounceTime: { stream: (x$) => x$.pipe(debounceTime(1)), cure: 'across' },
  sampleTime: { stream: (x$) => x$.pipe(sampleTime(3)), cure: 'across' },
  sample: { stream: (x$) => x$.pipe(sample(interval(3))), cure: 'across' },
  auditTime: { stream: (x$) => x$.pipe(auditTime(3)), cure: 'across' },
  audit: { stream: (x$) => x$.pipe(audit(() => timer(3))), cure: 'across' },
  'throttleTime with trailing': {
    stream: (x$) => x$.pipe(throttleTime(3, undefined, { leading: true, trailing: true })),
    before: [1],
    cure: 'across',
  },
  'concatMap with a slow inner stream': {
    stream: (x$) => x$.pipe(concatMap(slowly)),
    cure: 'across',
  },
  'mergeMap with a slow inner stream': {
    stream: (x$) => x$.pipe(mergeMap(slowly)),
    cure: 'across',
  },
  'switchMap with a slow inner stream': {
    stream: (x$) => x$.pipe(switchMap(slowly)),
    cure: 'across',
  },
  'exhaustMap with a slow inner stream': {
    stream: (x$) => x$.pipe(exhaustMap(slowly)),
    cure: 'across',
  },
  buffer: { stream: (x$) => x$.pipe(buffer(timer(6))), cure: 'batch' },
  bufferCount: { stream: (x$) => x$.pipe(bufferCount(2)), cure: 'batch' },
  bufferTime: { stream: (x$) => x$.pipe(bufferTime(4)), cure: 'batch' },
  'windowCount and toArray': {
    stream: (x$) =>
      x$.pipe(
        windowCount(2),
        mergeMap((window) => window.pipe(toArray())),
      ),
    cure: 'batch',
  },
  toArray: { stream: (x$) => x$.pipe(toArray()), cure: 'batch' },
  pairwise: { stream: (x$) => x$.pipe(pairwise()), cure: 'slidingWindow' },
  scan: {
    stream: (x$) => x$.pipe(scan((sum: dl.Tensor, x: dl.Tensor) => dl.add(sum, x))),
    before: [1],
    cure: 'scanTensor',
  },
  reduce: {
    stream: (x$) => x$.pipe(reduce((sum: dl.Tensor, x: dl.Tensor) => dl.add(sum, x))),
    cure: 'scanTensor',
  },
  combineLatest: { stream: (x$) => combineLatest([x$, late(x$)]), cure: 'combineLatestTensor' },
  combineLatestWith: { stream: (x$) => x$.pipe(combineLatestWith(late(x$))), cure: 'combineLatestTensor' },
  zip: { stream: (x$) => zip(x$, late(x$)), cure: 'zipTensor' },
  zipWith: { stream: (x$) => x$.pipe(zipWith(late(x$))), cure: 'zipTensor' },
  withLatestFrom: { stream: (x$) => late(x$).pipe(withLatestFrom(x$)), cure: 'withLatestFromTensor' },
  shareReplay: { stream: (x$) => late(x$.pipe(kept(shareReplay(1)))), cure: 'shareReplayTensor' },
  'share with a ReplaySubject': {
    stream: (x$) => late(x$.pipe(kept(share({ connector: () => new ReplaySubject(1) })))),
    cure: 'shareReplayTensor',
  },
  'share with a BehaviorSubject': {
    stream: (x$) =>
      late(x$.pipe(kept(share({ connector: () => new BehaviorSubject<dl.Scalar>(null as never) })))),
    cure: 'shareReplayTensor',
  },
  'distinctUntilChanged that reads': {
    stream: (x$) => x$.pipe(distinctUntilChanged((a, b) => plain(a) === plain(b))),
    before: [1],
    cure: 'slidingWindow',
  },
  skipLast: { stream: (x$) => x$.pipe(skipLast(1)), cure: 'slidingWindow' },
  takeLast: { stream: (x$) => x$.pipe(takeLast(1)), cure: 'across' },
  last: { stream: (x$) => x$.pipe(last()), cure: 'across' },
  bufferToggle: { stream: (x$) => x$.pipe(bufferToggle(timer(0), () => timer(6))), cure: 'batch' },
  bufferWhen: { stream: (x$) => x$.pipe(bufferWhen(() => timer(6))), cure: 'batch' },
  combineLatestAll: {
    stream: (x$) => of(x$, late(x$)).pipe(combineLatestAll()),
    cure: 'combineLatestTensor',
  },
  zipAll: { stream: (x$) => of(x$, late(x$)).pipe(zipAll()), cure: 'zipTensor' },
  forkJoin: { stream: (x$) => forkJoin([x$]), cure: 'across' },
  debounce: { stream: (x$) => x$.pipe(debounce(() => timer(1))), cure: 'across' },
  'throttle with trailing': {
    stream: (x$) => x$.pipe(throttle(() => timer(3), { leading: true, trailing: true })),
    before: [1],
    cure: 'across',
  },
  'concatAll with slow inner streams': { stream: (x$) => x$.pipe(map(slowly), concatAll()), cure: 'across' },
  'mergeAll with slow inner streams': { stream: (x$) => x$.pipe(map(slowly), mergeAll()), cure: 'across' },
  'switchAll with slow inner streams': { stream: (x$) => x$.pipe(map(slowly), switchAll()), cure: 'across' },
  'exhaustAll with slow inner streams': {
    stream: (x$) => x$.pipe(map(slowly), exhaustAll()),
    cure: 'across',
  },
  'expand with slow inner streams': { stream: (x$) => x$.pipe(expand(slowly)), before: [1], cure: 'across' },
  mergeScan: {
    stream: (x$) => x$.pipe(mergeScan((sum: dl.Tensor | number, x) => of(dl.add(sum, x)), 0)),
    before: [1],
    cure: 'scanTensor',
  },
  switchScan: {
    stream: (x$) => x$.pipe(switchScan((sum: dl.Tensor | number, x) => of(dl.add(sum, x)), 0)),
    before: [1],
    cure: 'scanTensor',
  },
  max: { stream: (x$) => x$.pipe(max(byValue)), cure: 'scanTensor' },
  min: { stream: (x$) => x$.pipe(min(byValue)), cure: 'scanTensor' },
  single: { stream: (x$) => x$.pipe(single((_, index) => index === 1)), cure: 'across' },
  sequenceEqual: {
    stream: (x$) => x$.pipe(sequenceEqual(late(x$), (a, b) => byValue(a, b) === 0)),
    cure: 'zipTensor',
  },
  'connect with a ReplaySubject': {
    stream: (x$) =>
      x$.pipe(
        connect((shared$) => timer(4).pipe(mergeMap(() => shared$)), {
          connector: () => new ReplaySubject(1),
        }),
      ),
    cure: 'shareReplayTensor',
  },
  ReplaySubject: { stream: (x$) => late(fed(new ReplaySubject(1), x$)), cure: 'shareReplayTensor' },
  BehaviorSubject: {
    stream: (x$) => late(fed(new BehaviorSubject<dl.Scalar>(null as never), x$)),
    cure: 'shareReplayTensor',
  },
  AsyncSubject: { stream: (x$) => fed(new AsyncSubject(), x$), cure: 'across' },
};

/** Shares a stream that already has a subscriber when the next one comes. */
function kept(sharing: (source: Tensors) => Tensors): (source: Tensors) => Tensors {
  return (source) => {
    const shared = sharing(source);
    shared.subscribe();
    return shared;
  };
}

/** Returns a subject after it has been subscribed to a stream. */
function fed(subject: Subject<dl.Scalar>, source: Tensors): Tensors {
  source.subscribe(subject);
  return subject;
}
