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

export interface OpenWindows<E> {
  /** The windows of a time that end after the watermark; null for a value that is late, since all of its windows have ended. @throws for a time so far away that its windows have no numbers */
  readonly placesOf: (time: number, key: string, watermark: number) => readonly WindowPlace[] | null;
  readonly add: (entry: E, places: readonly WindowPlace[]) => void;
  /** Takes out the windows that end until then, those that end first before others. */
  readonly ended: (until: number) => OpenWindow<E>[];
  readonly count: () => number;
}

export function openWindows<E>(form: WindowForm): OpenWindows<E> {
  /** By key, in the order of their ends. */
  const byKey = new Map<string, OpenWindow<E>[]>();
  let count = 0;
  /** No window ends earlier. */
  let firstEnd = Infinity;

  const placesOf = (time: number, key: string, watermark: number): readonly WindowPlace[] | null => {
    if ('gap' in form) {
      const end = time + form.gap;
      // A value that comes after its time may still lengthen a session that is open.
      const isJoined = byKey.get(key)?.some((each) => each.start <= end && time <= each.end) ?? false;
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
  const insert = (window: OpenWindow<E>): void => {
    const windows = byKey.get(window.key);
    count++;
    firstEnd = Math.min(firstEnd, window.end);
    if (!windows) byKey.set(window.key, [window]);
    else {
      const after = windows.findIndex(({ end }) => end > window.end);
      windows.splice(after < 0 ? windows.length : after, 0, window);
    }
  };
  const addToSession = (entry: E, { start, end, key }: WindowPlace): void => {
    const windows = byKey.get(key) ?? [];
    const joined = windows.filter((each) => each.start <= end && start <= each.end);
    for (const each of joined) windows.splice(windows.indexOf(each), 1);
    count -= joined.length;
    // The longest list goes on, so that a long session is not copied for each of its values.
    const entries = joined.reduce<E[]>(
      (longest, each) => (each.entries.length > longest.length ? each.entries : longest),
      [],
    );
    for (const each of joined)
      if (each.entries !== entries) for (const other of each.entries) entries.push(other);
    entries.push(entry);
    insert({
      start: Math.min(start, ...joined.map((each) => each.start)),
      end: Math.max(end, ...joined.map((each) => each.end)),
      key,
      entries,
    });
  };
  return {
    placesOf,
    count: () => count,
    add: (entry, places) => {
      for (const place of places) {
        if ('gap' in form) addToSession(entry, place);
        else {
          const open = byKey.get(place.key)?.find(({ start }) => start === place.start);
          if (open) open.entries.push(entry);
          else insert({ ...place, entries: [entry] });
        }
      }
    },
    ended: (until) => {
      if (until < firstEnd) return [];
      const ended: OpenWindow<E>[] = [];
      firstEnd = Infinity;
      for (const [key, windows] of byKey) {
        const open = windows.findIndex(({ end }) => end > until);
        ended.push(...windows.splice(0, open < 0 ? windows.length : open));
        if (windows.length === 0) byKey.delete(key);
        else firstEnd = Math.min(firstEnd, windows[0]!.end);
      }
      count -= ended.length;
      return ended.sort((a, b) => a.end - b.end || a.start - b.start);
    },
  };
}
