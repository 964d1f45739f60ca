/**
 * The emission: the span of time in which a value travels down a stream. It begins when one of our sources or operators
 * calls `next` and ends when `next` returns. A tensor made during an emission lives until that emission ends, whoever made it;
 * what is computed from trainable variables is on the tape until then.
 */
import { backend } from '../tensor/running';
import { inTapedScope, outsideOfExtents } from '../tensor/extent';
import { adviseOnEmissions } from '../tensor/tensor';
import { joinedTrails, noTrail, type Place, type StepTaken, type Trail } from './trail';

/** Who keeps emissions unfinished, and what to do where it does so for ever: for the message of a source that cannot go on. */
export interface Waiter {
  readonly by: string;
  readonly cure: string;
  /** Whether it holds values until others come, which may be never: so a long wait is worth a warning. */
  readonly waitsForValues?: boolean;
}

/** What has to settle before an emission is finished. */
export interface Wait {
  readonly waiter: Waiter;
  readonly promise: Promise<unknown>;
}

const theDevice: Waiter = { by: 'the device', cure: 'it has not done its work' };
const theProgram: Waiter = {
  by: 'waitUntil',
  cure: 'a promise that it was given does not settle: settle each, or reject it',
};

interface Emission {
  readonly parent: Emission | null;
  /** What the source that emits has to wait for; null for the emissions of operators. */
  readonly waits: Wait[] | null;
  /** What this emission tells of its value, beside those around it; null: nothing. */
  trail: Trail | null;
  /** To be run when it has ended. */
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
 * @param operator who emits, for messages
 * @param trail that of the value, where it came in an earlier emission; see {@link trailNow}
 */
export function emission(operator: string, work: () => void, trail: Trail | null = null): void {
  run(operator, null, work, trail);
}

/**
 * As {@link emission}, for whoever has to know when all of it is finished: `next` has returned, the promises given to
 * {@link waitUntil} have settled, and the device has done what was submitted.
 *
 * @param waits is told what it waits for
 * @returns null where there is nothing to wait for any more
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
  // A failure has its own way to be seen; here it only ends the waiting.
  return Promise.allSettled(waits.map(({ promise }) => promise)).then(() => undefined);
}

function run(operator: string, waits: Wait[] | null, work: () => void, trail: Trail | null): void {
  const opened: Emission = { parent: current, waits, trail, endings: null };
  current = opened;
  try {
    inTapedScope('emission', operator, true, noSurvivors, work);
  } finally {
    // By an assignment: where the engine's stack has run over, a call may fail.
    current = opened.parent;
    if (opened.endings) for (const ending of opened.endings) ending();
  }
}

/** Nothing outlives an emission. */
function noSurvivors(): null {
  return null;
}

/**
 * What the emissions that are open tell of the value on its way. An operator that emits later hands it to the emission that it opens
 * then, so that what is below knows the place of the value all the same.
 */
export function trailNow(): Trail {
  let trail = noTrail;
  for (let each = current; each; each = each.parent) {
    if (each.trail) trail = trail === noTrail ? each.trail : joinedTrails(trail, each.trail);
  }
  return trail;
}

/** For sources: the innermost emission brings the value of this place. */
export function notePlace(place: Place): void {
  if (current) current.trail = { ...noTrail, place };
}

/** For operators that train: a step was taken with the value of the innermost emission. */
export function noteStep(step: StepTaken): void {
  if (current) current.trail = joinedTrails({ ...noTrail, steps: [step] }, current.trail ?? noTrail);
}

/** The emission around all that are open: the same for all that is done at once in answer to one value; null where none is open. */
export function outermostEmission(): object | null {
  let outermost = current;
  while (outermost?.parent) outermost = outermost.parent;
  return outermost;
}

/**
 * Runs `work` when the emissions that are open have ended, with all that is done at once in answer to the value; at once where none is.
 * It must not throw.
 */
export function afterEmission(work: () => void): void {
  const outermost = outermostEmission() as Emission | null;
  if (outermost) (outermost.endings ??= []).push(work);
  else work();
}

/**
 * Tells the sources of the emission that is under way not to count it as finished before a promise has settled, as a
 * service worker's event does: for operators of your own that go on after `next` has returned. A rejection only ends the waiting: handle
 * it where the promise is made. Outside of an emission it does nothing.
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

/** As {@link waitUntil}, for operators of this library; tells whether anybody waits. */
export function waitFor(waiter: Waiter, promise: Promise<unknown>): boolean {
  let isWaiting = false;
  for (let each = current; each; each = each.parent) {
    if (!each.waits) continue;
    each.waits.push({ waiter, promise });
    isWaiting = true;
  }
  return isWaiting;
}

/**
 * Runs `subscribe` outside of the extents that are open: `repeat`, `retry`, `concat` and `catchError` subscribe from within an emission
 * that is about to end, and its scope and its tape are not for what the new subscription emits. The emission still waits for what is given to
 * {@link waitUntil} meanwhile, and its trail is still known: so back-pressure reaches through `mergeMap`.
 */
export function subscribing<T>(subscribe: () => T): T {
  return outsideOfExtents(subscribe);
}
