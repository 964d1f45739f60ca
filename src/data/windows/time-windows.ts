import type { OperatorFunction } from 'rxjs';
import { described } from '../../tensor/argument';
import { assertOptions } from '../../tensor/options';
import { assertCallback } from '../../streams/checks/arguments';
import { trailNow } from '../../streams/emission';
import { operator } from '../../streams/operator';
import type { Held } from '../../streams/ownership/held-values';
import { noTrail, withObstacle } from '../../streams/trail';
import { assertRowKey, keyOfRow, type RowKey } from '../sampling/row-key';
import { openWindows, type OpenWindow } from './open-windows';
import { timeReader, withExactTimes } from './row-time';

/** Which windows {@link timeWindows} makes. Times have one unit throughout, milliseconds as a rule. */
export interface TimeWindowsOptions<T> {
  /**
   * When a value happened: the name of its column, or a function. A number, a Date, or a text of either; without a zone it is in universal time. A float32 column of a file directly above has rounded
   * times since 1970, which is an error: read them as int32 or string.
   */
  readonly time: string | ((value: T) => number | Date | string);
  /** How long a window is, for windows that begin at its multiples, or at those of `every`. Left out for sessions. */
  readonly size?: number;
  /** How long after the one before it a window begins; `size` when left out, so that each value is in one window. Where it is greater, values between windows are in none. */
  readonly every?: number;
  /** For sessions instead: a window ends when nothing happens for so long. */
  readonly gap?: number;
  /** What windows are made for apart, as for each user: the name of a column, several, or a function. All values together when left out. */
  readonly by?: RowKey<T>;
  /** How much later than the newest value one may still come; 0 when left out. Windows wait that long. */
  readonly lateness?: number;
  /** Called for each value that came too late, with the number of those so far. Its tensors live during the call. */
  readonly onLate?: (value: T, count: number) => void;
  /** How many values may be held; 1,000,000 when left out. */
  readonly most?: number;
}

/** A window of {@link timeWindows}. */
export interface TimeWindow<T> {
  /** The time of its beginning. A session begins with its first value. */
  readonly start: number;
  /** The time of its end, which is no longer part of it. */
  readonly end: number;
  /** What it is made for; the empty text without the option `by`. */
  readonly key: string;
  /** Its values, by their time; those of the same time as they came. */
  readonly rows: readonly T[];
  /** How many values of the stream have come too late until now. */
  readonly late: number;
}

/** Into how many windows a value may fall. */
const MOST_OVERLAP = 1000;

/**
 * Collects values in windows of the time when they happened, not when they come (Akidau et al., The Dataflow Model, 2015): tumbling windows (`size`), sliding ones (`size`, `every`),
 * or sessions (`gap`). Values may come out of order: a window is emitted when the watermark, the newest time less `lateness`, has reached its end, and at the end of the stream. A value whose
 * windows have all been emitted is late: it is counted, given to `onLate`, and in no window.
 *
 * ```text
 *  time of values             --1--4--3--6--2--11--|
 *  timeWindows({size: 5})     -----------w---------(w w)|     w: 0–5 with 1, 3, 4; 2 is late
 * ```
 *
 * It holds the tensors in values, in all windows once, and frees them when the last window with them has been emitted, or the subscription ends. A time far in the future
 * ends all windows before it: leave such values out above.
 *
 * @throws when an option is wrong; as error notifications, for a time that is none, more values than `most`, and a tensor on the tape: gradients do not cross emissions
 * @example
 * ```ts
 * import { timeWindows } from 'rxtensor/data';
 * import { from } from 'rxjs';
 * from([
 *   { at: '2026-01-01T00:00:10Z', load: 1 },
 *   { at: '2026-01-01T00:00:50Z', load: 3 },
 *   { at: '2026-01-01T00:01:20Z', load: 5 },
 * ])
 *   .pipe(timeWindows({ time: 'at', size: 60_000 }))
 *   .subscribe(({ rows }) => console.log(rows.map(({ load }) => load))); // [1, 3], then [5]
 * ```
 */
export function timeWindows<T>(options: TimeWindowsOptions<T>): OperatorFunction<T, TimeWindow<T>> {
  const name = 'timeWindows';
  assertOptions<TimeWindowsOptions<T>>(name, options, {
    ...{ time: 1, size: 1, every: 1, gap: 1, by: 1, lateness: 1, onLate: 1, most: 1 },
  });
  const { time, size, every = size, gap, by, lateness = 0, onLate, most = 1_000_000 } = options;
  if (typeof time !== 'string' && typeof time !== 'function')
    throw new Error(
      `${name}: option 'time' is ${described(time)}; wanted the name of a column, or a function of a value`,
    );
  if ((size === undefined) === (gap === undefined))
    throw new Error(
      `${name}: wanted one of the options 'size', for windows of the same length, and 'gap', for sessions`,
    );
  for (const [option, value] of Object.entries({ size, every, gap }))
    if (value !== undefined && !(Number.isFinite(value) && value > 0))
      throw new Error(`${name}: option '${option}' is ${described(value)}; wanted a time above 0`);
  if (size === undefined && options.every !== undefined)
    throw new Error(`${name}: option 'every' is given without 'size'; wanted both, or 'gap' alone`);
  if (size !== undefined && size / every! > MOST_OVERLAP)
    throw new Error(
      `${name}: option 'every' is ${every!}; wanted at least 1/${MOST_OVERLAP} of 'size', ${size}`,
    );
  if (!(Number.isFinite(lateness) && lateness >= 0))
    throw new Error(
      `${name}: option 'lateness' is ${described(lateness)}; wanted a time that is not negative`,
    );
  if (!(Number.isInteger(most) && most > 0))
    throw new Error(`${name}: option 'most' is ${described(most)}; wanted a positive integer`);
  assertRowKey(name, "option 'by'", by);
  assertCallback(name, 'onLate', onLate);
  const timeOf = timeReader(name, time);

  const windowed = operator<T, TimeWindow<T>>(name, (output) => {
    const windows = openWindows<Entry<T>>(gap === undefined ? { size: size!, every: every! } : { gap });
    let held = 0;
    let late = 0;
    let watermark = -Infinity;
    let trail = noTrail;
    let isComplete = false;
    /** Windows that have ended, until they are emitted. What is fed back meanwhile may end further ones, which come after them. */
    const ended: OpenWindow<Entry<T>>[] = [];
    let isEmitting = false;
    const emitWindow = ({ start, end, key, entries }: OpenWindow<Entry<T>>): void => {
      entries.sort((a, b) => a.time - b.time || a.order - b.order);
      const isLast = ended.length === 0 && windows.count() === 0;
      output.emit(
        () => ({ start, end, key, rows: entries.map(({ holding }) => holding.lend()), late }),
        isLast ? trail : withObstacle(trail, obstacle),
      );
      for (const entry of entries) {
        if (--entry.windows > 0) continue;
        held--;
        entry.holding.release();
      }
    };
    const emitEnded = (): void => {
      ended.push(...windows.ended(watermark));
      if (isEmitting) return;
      isEmitting = true;
      for (let window = ended.shift(); window && output.isOpen(); window = ended.shift()) emitWindow(window);
      isEmitting = false;
      if (isComplete) output.complete();
    };
    let order = 0;
    return {
      next: (value) => {
        trail = trailNow();
        const at = timeOf(value);
        const key = by === undefined ? '' : keyOfRow(name, by, value);
        const places = windows.placesOf(at, key, watermark);
        if (places === null) {
          late++;
          output.noteDrop();
          onLate?.(value, late);
        } else if (places.length > 0 && held === most) {
          throw new Error(
            `${name}: ${most} values are held; wanted shorter windows, less 'lateness', or a greater option 'most'`,
          );
        } else if (places.length > 0) {
          held++;
          const entry: Entry<T> = {
            time: at,
            order: order++,
            holding: output.hold(value),
            windows: places.length,
          };
          windows.add(entry, places);
        }
        // It moves on before windows are emitted: what is fed back meanwhile comes after them.
        watermark = Math.max(watermark, at - lateness);
        emitEnded();
      },
      complete: () => {
        isComplete = true;
        watermark = Infinity;
        emitEnded();
      },
    };
  });
  return (source) => windowed(typeof time === 'string' ? withExactTimes(name, time, source) : source);
}

/** A value that is held, with the number of open windows that it is in. */
interface Entry<T> {
  readonly time: number;
  readonly order: number;
  readonly holding: Held<T>;
  windows: number;
}

const obstacle = 'timeWindows() holds values of windows that have not ended';
