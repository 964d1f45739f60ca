import type { Observable, ObservableInputTuple } from 'rxjs';
import { wrongGiven } from '../streams/checks/arguments';
import { assertSources, eventsOf, type InputEvent } from '../streams/operators/parts/input-events';
import { operator } from '../streams/operator';
import type { Held } from '../streams/ownership/held-values';
import { joinedTrails, noTrail, withObstacle } from '../streams/trail';
import { described, isIntegerFrom } from '../tensor/argument';
import { assertOptionValues } from '../tensor/options';

/**
 * The time by which {@link alignBy} goes: 'capture', in milliseconds, when frames were taken; 'media', in seconds, their time in their film; or what a
 * function of a value and the index of its source gives, in any unit.
 */
export type AlignTime = 'capture' | 'media' | ((value: unknown, source: number) => number);

/** How {@link alignBy} finds what belongs together. */
export interface AlignOptions {
  /** How far apart values may be, in the unit of the time; 0 when left out: only values of one moment go together. */
  readonly within?: number;
  /** How many values of each source may wait; 8 when left out. When another comes, the oldest is dropped. */
  readonly buffer?: number;
  /** Called for each value of the first source that is not emitted, with the number so far. */
  readonly onDrop?: (dropped: number) => void;
}

interface Waiting {
  readonly held: Held<unknown>;
  readonly time: number;
}

const OBSTACLE = 'alignBy() joins values of several sources by their time';

/**
 * Combines streams by the time of their frames, not by arrival: emits each value of the first source together with the value of each other source that is nearest in
 * time, as an array. So what a slow model says of a frame meets that frame, and pictures of two cameras are of one moment. A value waits until each other
 * source has gone past its time. Values of the first source without partners are dropped; one value of another source may be a partner more than once. It owns the
 * values that wait, at most `buffer` of each source. The emission has the time of the first source's value.
 *
 * ```text
 *  frames, at 1 2 3 4                 --a1--b2--c3--d4--|
 *  poses of some, which come later    ------A1------C3--|
 *  alignBy('capture', [frames, poses])    --aA------cC--|
 * ```
 *
 * MediaPipe synchronizes the inputs of a node so (Lugaresi et al. 2019, arXiv:1906.08172).
 *
 * @param time within a source, times must not go back: 'capture' never does, 'media' does where a film is wound back
 * @param sources observables, or what RxJS makes ones of; the first decides when something is emitted
 * @throws when an argument is wrong; as error notifications, for a value without time, or whose time is before that of the value before it, and for a tensor on the tape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { alignBy } from 'rxtensor/vision';
 * import { from, delay } from 'rxjs';
 * const frames$ = from([{ at: 0 }, { at: 33 }, { at: 66 }]);
 * const sounds$ = from([{ at: 30, loud: 0.5 }, { at: 70, loud: 0.9 }]).pipe(delay(10));
 * alignBy((value) => (value as { at: number }).at, [frames$, sounds$], { within: 5 })
 *   .subscribe(([frame, sound]) => console.log(frame.at, sound.loud)); // 33 0.5, then 66 0.9
 * ```
 */
export function alignBy<A extends readonly unknown[]>(
  time: AlignTime,
  sources: readonly [...ObservableInputTuple<A>],
  options: AlignOptions = {},
): Observable<A> {
  const name = 'alignBy';
  if (time !== 'capture' && time !== 'media' && typeof time !== 'function')
    throw wrongGiven(name, "argument 'time'", time, "'capture', 'media', or a function of a value");
  assertSources(name, sources);
  assertOptionValues<AlignOptions>(name, options, {
    within: [
      (value) => typeof value === 'number' && value >= 0,
      'a number that is not negative, in the unit of the time',
    ],
    buffer: [(value) => isIntegerFrom(value, 1), 'a positive integer'],
    onDrop: [(value) => typeof value === 'function', 'a function of a number'],
  });
  const { within = 0, buffer = 8, onDrop } = options;
  const aligned = operator<InputEvent, A>(name, (output) => {
    const queues: Waiting[][] = sources.map(() => []);
    const latest = sources.map(() => -Infinity);
    const isComplete = sources.map(() => false);
    let dropped = 0;
    const drop = ({ held }: Waiting): void => {
      held.release();
      output.noteDrop();
      onDrop?.(++dropped);
    };
    const momentOf = (value: unknown, { trail }: Held<unknown>, index: number): number => {
      const found: unknown = typeof time === 'function' ? time(value, index) : trail.time?.[time];
      if (!Number.isFinite(found))
        throw new Error(
          `${name}: the time of a value of source ${index} is ${described(found)}; wanted frames of a source that tells it, as camera(), webcam() or ` +
            "videoFrames() do, or a function that gives a finite number as argument 'time'",
        );
      if ((found as number) < latest[index]!)
        throw new Error(
          `${name}: source ${index} went back in time, from ${latest[index]} to ${found as number}; wanted times that rise: where a film is wound back, go by 'capture'`,
        );
      return found as number;
    };
    /** The value of a source that is nearest to a moment. What no later moment can need is freed. */
    const partnerOf = (queue: Waiting[], moment: number): Waiting | undefined => {
      while (queue.length > 0 && (queue[0]!.time < moment - within || (queue[1]?.time ?? Infinity) <= moment))
        queue.shift()!.held.release();
      const [first, second] = queue;
      const nearest = second && second.time - moment < moment - first!.time ? second : first;
      return nearest && Math.abs(nearest.time - moment) <= within ? nearest : undefined;
    };
    const settle = (): void => {
      const [leading, ...others] = queues as [Waiting[], ...Waiting[][]];
      while (leading.length > 0) {
        const { time: moment } = leading[0]!;
        if (!others.every((_, i) => isComplete[i + 1]! || latest[i + 1]! >= moment)) break;
        const lead = leading.shift()!;
        const partners = others.map((queue) => partnerOf(queue, moment));
        if (!partners.every((each) => each !== undefined)) {
          drop(lead);
          continue;
        }
        const trail = [lead, ...partners].map(({ held }) => held.trail).reduce(joinedTrails, noTrail);
        output.emit(
          () => [lead.held.handOver(), ...partners.map(({ held }) => held.lend())] as unknown as A,
          withObstacle(trail, OBSTACLE),
        );
        lead.held.release();
      }
      if (queues.some((queue, i) => isComplete[i] && queue.length === 0)) output.complete();
    };
    return {
      next: (event) => {
        const { index } = event;
        if (event.kind === 'complete') isComplete[index] = true;
        else {
          const held = output.hold(event.value);
          const queue = queues[index]!;
          queue.push({ held, time: (latest[index] = momentOf(event.value, held, index)) });
          if (queue.length > buffer) {
            const oldest = queue.shift()!;
            if (index === 0) drop(oldest);
            else oldest.held.release();
          }
        }
        settle();
      },
      teardown: () => {
        for (const { held } of queues.flat()) held.release();
      },
    };
  });
  return eventsOf(name, sources).pipe(aligned);
}
