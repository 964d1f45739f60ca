import { endQueue } from './end-queue';

/** Either windows of one length, or sessions. */
export type WindowForm = { readonly size: number; readonly every: number } | { readonly gap: number };

/** A window that a value falls into. */
export interface WindowPlace {
  readonly start: number;
  readonly end: number;
  readonly key: string;
}

export interface OpenWindow<E> extends WindowPlace {
  readonly entries: E[];
}

/** A session grows, and is over when it has ended or become a part of another one. */
interface Growing<E> {
  start: number;
  end: number;
  readonly key: string;
  readonly entries: E[];
  isOver: boolean;
}

export interface OpenWindows<E> {
  /** The windows of a time that end after the watermark; null for a value that is late, since all of its windows have ended. @throws for a time so far away that its windows have no numbers */
  readonly placesOf: (time: number, key: string, watermark: number) => readonly WindowPlace[] | null;
  readonly add: (entry: E, places: readonly WindowPlace[]) => void;
  /** Takes out the windows that end until then, those that end first before others. */
  readonly ended: (until: number) => OpenWindow<E>[];
  readonly count: () => number;
}

export function openWindows<E>(form: WindowForm): OpenWindows<E> {
  /** In the order of their ends, which is that of their starts: sessions do not touch. */
  const byKey = new Map<string, Growing<E>[]>();
  /** All of them. A session that has grown meanwhile stands at an earlier end. */
  const ends = endQueue<Growing<E>>();
  let count = 0;

  const placesOf = (time: number, key: string, watermark: number): readonly WindowPlace[] | null => {
    if ('gap' in form) {
      const end = time + form.gap;
      // A value that comes after its time may still lengthen a session that is open.
      const sessions = byKey.get(key) ?? [];
      const next = sessions[firstReaching(sessions, time)];
      const isJoined = next !== undefined && next.start <= end;
      return isJoined || end > watermark ? [{ start: time, end, key }] : null;
    }
    const { size, every } = form;
    // Where windows meet, the end of one is computed as the beginning of another: so no time falls between them, or into both.
    const windowsInSize = Math.round(size / every);
    const meet = windowsInSize > 0 && Math.abs(size / every - windowsInSize) < 1e-9;
    const endOf = (index: number): number => (meet ? (index + windowsInSize) * every : index * every + size);
    let last = Math.floor(time / every);
    if (!Number.isSafeInteger(last))
      throw new Error(
        `timeWindows: the time ${time} is too far from 0 for windows that begin every ${every}; wanted times of one unit, as milliseconds`,
      );
    // Rounding may put a time just before its window, or behind it.
    while (last * every > time) last--;
    while ((last + 1) * every <= time) last++;
    const places: WindowPlace[] = [];
    let isCovered = false;
    for (let index = last; endOf(index) > time; index--) {
      isCovered = true;
      if (endOf(index) > watermark) places.push({ start: index * every, end: endOf(index), key });
    }
    return isCovered && places.length === 0 ? null : places;
  };
  const open = (entry: E, { start, end, key }: WindowPlace): Growing<E> => {
    const window = { start, end, key, entries: [entry], isOver: false };
    ends.add(end, window);
    count++;
    return window;
  };
  const addToSession = (sessions: Growing<E>[], entry: E, place: WindowPlace): void => {
    const from = firstReaching(sessions, place.start);
    let to = from;
    while (to < sessions.length && sessions[to]!.start <= place.end) to++;
    const joined = sessions.slice(from, to);
    if (joined.length === 0) {
      sessions.splice(from, 0, open(entry, place));
      return;
    }
    // The longest one goes on, so that a long session is not copied for each of its values.
    const longest = joined.reduce((a, b) => (b.entries.length > a.entries.length ? b : a));
    for (const each of joined) {
      if (each === longest) continue;
      for (const other of each.entries) longest.entries.push(other);
      each.isOver = true;
      count--;
    }
    longest.entries.push(entry);
    longest.start = Math.min(place.start, joined[0]!.start);
    longest.end = Math.max(place.end, ...joined.map(({ end }) => end));
    sessions.splice(from, joined.length, longest);
  };
  return {
    placesOf,
    count: () => count,
    add: (entry, places) => {
      for (const place of places) {
        let windows = byKey.get(place.key);
        if (!windows) byKey.set(place.key, (windows = []));
        const at = firstReaching(windows, place.end);
        const before = windows[at];
        if ('gap' in form) addToSession(windows, entry, place);
        else if (before?.start === place.start) before.entries.push(entry);
        else windows.splice(at, 0, open(entry, place));
      }
    },
    ended: (until) => {
      const ended: Growing<E>[] = [];
      for (let next = ends.take(until); next; next = ends.take(until)) {
        const window = next.value;
        if (window.isOver) continue;
        if (window.end > next.end) {
          ends.add(window.end, window);
          continue;
        }
        window.isOver = true;
        ended.push(window);
        // Of those of a key, the first ends first.
        const windows = byKey.get(window.key)!;
        windows.shift();
        if (windows.length === 0) byKey.delete(window.key);
      }
      count -= ended.length;
      return ended.sort((a, b) => a.end - b.end || a.start - b.start);
    },
  };
}

/** The place of the first window that ends at a time or later. */
function firstReaching(windows: readonly { readonly end: number }[], time: number): number {
  let [low, high] = [0, windows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (windows[middle]!.end < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
