/**
 * The emission: the span of time in which a value travels down a stream. It begins when one of our sources or operators
 * calls `next` and ends when `next` returns. A tensor made during an emission lives until that emission ends, whoever made it;
 * what is computed from trainable variables is on the tape until then.
 */
import { backend } from '../tensor/backend';
import { inTapedScope, outsideOfExtents } from '../tensor/extent';
import { adviseOnEmissions } from '../tensor/tensor';
import { watching } from './watching';
import { joinedTrails, noTrail, type StepTaken, type Trail } from './trail';

/** An operator that keeps emissions unfinished, and the cure if it never finishes them: for the message of a source that is stuck. */
export interface Waiter {
  readonly by: string;
  readonly cure: string;
  /** Whether it holds values until others come. Those may never come, so a long wait is worth a warning. */
  readonly waitsForValues?: boolean;
}

/** Something that must settle before an emission is finished. */
export interface Wait {
  readonly waiter: Waiter;
  readonly promise: Promise<unknown>;
  /** An error that stopped an operator during the emission. */
  readonly error?: unknown;
}

const theDevice: Waiter = { by: 'the device', cure: 'it has not done its work' };
const theProgram: Waiter = {
  by: 'waitUntil',
  cure: 'a promise that it was given does not settle: settle each, or reject it',
};

interface Emission {
  readonly parent: Emission | null;
  /** The promises that the emitting source waits for; null for emissions of operators. */
  readonly waits: Wait[] | null;
  /** The part of the value's trail that this emission adds to the emissions around it; null when it adds nothing. */
  trail: Trail | null;
  /** Called when the emission has ended. */
  endings: (() => void)[] | null;
}

let current: Emission | null = null;

adviseOnEmissions(
  ', in a callback of subscribe, forEach or tap; at the end of the pipe own(), above firstValueFrom or toArray, or ownLast(), above ' +
    'lastValueFrom; across(operator) around one that moves values in time, as delay, debounceTime, sampleTime, takeLast, toArray or ' +
    "concatMap over slow streams, across(operator, { holds: 'all' }) where values overtake one another, as in mergeMap over slow streams; and " +
    'combineLatestTensor, zipTensor, withLatestFromTensor, shareReplayTensor, scanTensor, batch or slidingWindow in place of ' +
    'combineLatest, zip, withLatestFrom, shareReplay, scan, bufferCount or pairwise, which remember values',
);

/** True while an emission is open. */
export function isEmitting(): boolean {
  return current !== null;
}

/**
 * Opens an emission around `work`.
 *
 * @param operator the name of the operator or source that emits, for messages
 * @param trail the trail of the value, if it came in an earlier emission; see {@link trailNow}
 */
export function emission(operator: string, work: () => void, trail: Trail | null = null): void {
  run(operator, null, work, trail);
}

/**
 * {@link emission} that also tells when the emission is finished: `next` has returned, the promises given to {@link waitUntil} have
 * settled, and the device has executed all submitted work.
 *
 * @param waits receives everything that the emission waits for
 * @returns a promise of that moment; null if the emission is finished already
 */
export function trackedEmission(
  operator: string,
  work: () => void,
  trail: Trail | null = null,
  waits: Wait[] = [],
): Promise<void> | null {
  const device = backend();
  const before = device.submissions;
  run(operator, waits, work, trail);
  if (device.submissions !== before) waits.push({ waiter: theDevice, promise: device.mark() });
  if (waits.length === 0) return null;
  // A failure is reported elsewhere; here it only ends the waiting.
  return Promise.allSettled(waits.map(({ promise }) => promise)).then(() => undefined);
}

function run(operator: string, waits: Wait[] | null, work: () => void, trail: Trail | null): void {
  const opened: Emission = { parent: current, waits, trail, endings: null };
  current = opened;
  try {
    inTapedScope('emission', operator, true, noSurvivors, work);
  } finally {
    // An assignment: after a stack overflow, a call may fail.
    current = opened.parent;
    if (opened.endings) for (const ending of opened.endings) ending();
  }
}

/** Nothing outlives an emission. */
function noSurvivors(): null {
  return null;
}

/**
 * The trail of the current value, from all open emissions. An operator that emits later passes it to the emission that it opens then, so
 * that operators below still know the place of the value.
 */
export function trailNow(): Trail {
  let trail = noTrail;
  for (let each = current; each; each = each.parent) {
    if (each.trail) trail = trail === noTrail ? each.trail : joinedTrails(trail, each.trail);
  }
  return trail;
}

/** Called by sources: notes where the value of the innermost emission comes from. */
export function noteOrigin(origin: Partial<Trail>): void {
  if (current) current.trail = { ...noTrail, ...origin };
}

/** Called by operators that train: notes a step that was taken with the value of the innermost emission. */
export function noteStep(step: StepTaken): void {
  if (current) current.trail = joinedTrails({ ...noTrail, steps: [step] }, current.trail ?? noTrail);
}

/** The outermost open emission: everything that happens synchronously in reaction to one value has the same one. Null when none is open. */
export function outermostEmission(): object | null {
  let outermost = current;
  while (outermost?.parent) outermost = outermost.parent;
  return outermost;
}

/**
 * Runs `work` when the outermost open emission has ended; at once when none is open. `work` must not throw.
 */
export function afterEmission(work: () => void): void {
  const outermost = outermostEmission() as Emission | null;
  if (outermost) (outermost.endings ??= []).push(work);
  else work();
}

/**
 * Keeps the current emission unfinished until a promise has settled, as `waitUntil` of a service worker's event does; its sources wait for
 * it. Call it in operators of your own that continue after `next` has returned. A rejection only ends the waiting: handle it where
 * the promise is made. Outside of an emission it does nothing.
 *
 * @example
 * ```ts
 * import { examples, waitUntil } from 'rxtensor';
 * import { tap } from 'rxjs';
 * const save = async (value: number): Promise<void> => console.log(value);
 * examples([1, 2, 3]).pipe(tap((value) => waitUntil(save(value)))).subscribe();
 * ```
 */
export function waitUntil(promise: Promise<unknown>): void {
  waitFor(theProgram, promise);
}

/** {@link waitUntil} for operators of this library. Returns whether a source waits. */
export function waitFor(waiter: Waiter, promise: Promise<unknown>): boolean {
  let isWaiting = false;
  for (let each = current; each; each = each.parent) {
    if (!each.waits) continue;
    each.waits.push({ waiter, promise });
    isWaiting = true;
  }
  watching.by?.holdsUp(waiter, promise, isWaiting);
  return isWaiting;
}

const anOperator: Waiter = { by: 'an operator', cure: '' };

/** Notes an error that stops an operator, for a source that tells where its value came from why it was not processed. */
export function noteFailure(error: unknown): void {
  for (let each = current; each; each = each.parent)
    each.waits?.push({ waiter: anOperator, promise: Promise.resolve(), error });
}

/**
 * Runs `subscribe` with all open scopes and the tape set aside: `repeat`, `retry`, `concat` and `catchError` subscribe from within an
 * emission that is about to end, and its scope must not own what the new subscription makes. The emission still waits for promises that are given
 * to {@link waitUntil} meanwhile, and its trail stays known, so that back-pressure works through `mergeMap`.
 */
export function subscribing<T>(subscribe: () => T): T {
  return outsideOfExtents(subscribe);
}
