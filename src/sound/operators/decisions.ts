import type { OperatorFunction } from 'rxjs';
import { trailNow } from '../../streams/emission';
import { NOTHING, operator } from '../../streams/operator';
import type { OptionRules } from '../../tensor/options';
import { described } from '../../tensor/argument';
import type { FrameTime } from '../../streams/trail';
import { checked } from '../signal/options';

/** How {@link decisions} decides. */
export interface DecisionsOptions<T> {
  /** Gives the score of a value. When left out, the value is a number, which is its score. */
  readonly score?: (value: T) => number;
  /** It goes on at this score or above; 0.5 when left out. */
  readonly above?: number;
  /** It goes off below this score; 0.15 less than `above` when left out, or half of it where that is more. Between the two it stays as it is. */
  readonly below?: number;
  /** For how many seconds the score must have reached `above` without falling below `below`; 0 when left out. */
  readonly aboveFor?: number;
  /** For how many seconds the score must have stayed below `below` without reaching `above`; 0 when left out. */
  readonly belowFor?: number;
}

/** That something has begun, or has ended. */
export interface Decision<T> {
  /** Whether it is on now. */
  readonly isOn: boolean;
  /** The time of the first value that spoke for it, in seconds of the medium. */
  readonly since: number;
  /** The time of the value by which it was decided. */
  readonly at: number;
  /** That value. */
  readonly value: T;
}

/** A probability is never below 0: what goes on at 0.1 must go off. */
const defaultBelow = (above: number): number =>
  above > 0 ? Math.max(above - 0.15, above / 2) : above - 0.15;

const finite = [(value: unknown): boolean => Number.isFinite(value), 'a number'] as const;
const seconds = [
  (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0,
  'seconds, 0 or more',
] as const;
const rules: OptionRules<DecisionsOptions<never>> = {
  score: [(value) => typeof value === 'function', 'a function of a value'],
  above: finite,
  below: [
    (value, { above = 0.5 }) => Number.isFinite(value) && (value as number) <= above,
    "a number, at most that of 'above'",
  ],
  aboveFor: seconds,
  belowFor: seconds,
};

/**
 * Makes decisions of scores, as of `voiceActivity`: a beginning and an end, not a flicker. Two thresholds (Schmitt's trigger, 1938) keep a score near one of them from
 * switching to and fro, and it must stay for a while. All of it goes by the time of the values, not by when they come: a slow machine decides the same. Where samples were
 * lost, the score counts as what it was before.
 *
 * ```text
 *  scores       --.1--.7--.8--.4--.9--.2--.1--|
 *  decisions()  ------on--------------off-----|
 * ```
 *
 * It begins off. A stream that ends while it is on ends it too.
 *
 * @throws when an option is wrong; as error notifications, for a value without a time or whose score is not a number, and what `score` throws
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { decisions, overlapping, wav } from 'rxtensor/sound';
 * // A tone of half a second between two silences of a quarter, 8000 samples a second.
 * const tone = Float32Array.from({ length: 8000 }, (_, i) => (i >= 2000 && i < 6000 ? Math.sin(i) : 0));
 * const head = [0x46464952, 32036, 0x45564157, 0x20746d66, 16, 0x00010003, 8000, 32000, 0x00200004, 0x61746164, 32000];
 * wav(new Blob([Uint32Array.from(head), tone]))
 *   .pipe(
 *     overlapping({ frame: 400, sampleRate: 8000 }),
 *     dl.mapTensor((frame) => frame.abs().max()),
 *     dl.download(),
 *     decisions({ aboveFor: 0.1 }),
 *   )
 *   .subscribe(({ isOn, since }) => console.log(isOn, since)); // true 0.25, then false 0.75
 * ```
 */
export function decisions<T>(
  options: DecisionsOptions<T> & { readonly score: (value: T) => number },
): OperatorFunction<T, Decision<T>>;
/** As above, for numbers. */
export function decisions(options?: DecisionsOptions<number>): OperatorFunction<number, Decision<number>>;
export function decisions<T>(options?: DecisionsOptions<T>): OperatorFunction<T, Decision<T>> {
  const name = 'decisions';
  const given = checked<DecisionsOptions<T>>(name, options, rules);
  const {
    score = (value) => value as number,
    above = 0.5,
    below = defaultBelow(above),
    aboveFor = 0,
    belowFor = 0,
  } = given;
  return operator<T, Decision<T>>(name, (output) => {
    let isOn = false;
    /** The first value that spoke for a change. */
    let since: number | null = null;
    let latest: { readonly value: T; readonly at: number } | null = null;
    const decide = (value: T, at: number): Decision<T> | typeof NOTHING => {
      const found = score(value);
      if (typeof found !== 'number' || Number.isNaN(found))
        throw new Error(
          `${name}: a score is ${described(found)}; wanted a number${given.score ? " from 'score'" : ", or the option 'score'"}`,
        );
      const speaksForIt = isOn ? found < below : found >= above;
      const speaksAgainst = isOn ? found >= above : found < below;
      // A medium that was wound back, or begins again, tells nothing of how long.
      if (since !== null && at < since) since = null;
      if (speaksForIt) since ??= at;
      else if (speaksAgainst) since = null;
      if (since === null || !speaksForIt || at - since < (isOn ? belowFor : aboveFor)) return NOTHING;
      const decision = { isOn: (isOn = !isOn), since, at, value };
      since = null;
      return decision;
    };
    return {
      next: (value) => {
        const at = timeFor(name, trailNow().time);
        latest = { value, at };
        output.emit(() => decide(value, at));
      },
      complete: () => {
        if (isOn && latest) {
          const { value, at } = latest;
          output.emit(() => ({ isOn: false, since: since ?? at, at, value }));
        }
        output.complete();
      },
    };
  });
}

/** The time of a value, in seconds. @throws when it has none */
export function timeFor(name: string, time: FrameTime | null): number {
  if (time) return time.media;
  throw new Error(
    `${name}: a value has no time; wanted values of a source that tells it, as microphone(), audioFrames() or wav(), ` +
      "and option 'sampleRate' of the operators between",
  );
}
