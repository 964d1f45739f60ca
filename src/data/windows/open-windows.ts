/** Windows that have not been emitted. */

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
  /** The windows of a time that end after the watermark; none for a value that is late. */
  readonly placesOf: (time: number, key: string, watermark: number) => readonly WindowPlace[];
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

  const placesOf = (time: number, key: string, watermark: number): readonly WindowPlace[] => {
    if ('gap' in form) {
      const end = time + form.gap;
      // A value that comes after its time may still lengthen a session that is open.
      const isJoined = byKey.get(key)?.some((each) => each.start <= end && time <= each.end) ?? false;
      return isJoined || end > watermark ? [{ start: time, end, key }] : [];
    }
    const { size, every } = form;
    const places: WindowPlace[] = [];
    for (let index = Math.floor(time / every); index * every + size > time; index--) {
      const start = index * every;
      // Rounding may put a time just before its window.
      if (start <= time && start + size > watermark) places.push({ start, end: start + size, key });
    }
    return places;
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
    insert({
      start: Math.min(start, ...joined.map((each) => each.start)),
      end: Math.max(end, ...joined.map((each) => each.end)),
      key,
      entries: [...joined.flatMap(({ entries }) => entries), entry],
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
