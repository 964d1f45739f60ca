/** Payloads that one sender keeps until receivers have fetched them. When they are too many bytes, the oldest are forgotten. */
export interface PayloadCache {
  /** How many bytes are kept. */
  readonly bytes: () => number;
  /** @param release frees the payload, and calls `remove` @param name to forget it by */
  readonly add: (release: () => void, bytes: number, name: string) => void;
  readonly remove: (release: () => void) => void;
  /** Frees what has this name. */
  readonly forget: (name: string) => void;
}

/** @param mostBytes the newest payload is kept whatever its size */
export function payloadCache(mostBytes: number): PayloadCache {
  // A map keeps the order in which they came.
  const payloads = new Map<() => void, { readonly bytes: number; readonly name: string }>();
  let kept = 0;
  return {
    bytes: () => kept,
    add: (release, bytes, name) => {
      payloads.set(release, { bytes, name });
      kept += bytes;
      for (const oldest of payloads.keys()) {
        if (kept <= mostBytes || oldest === release) return;
        oldest();
      }
    },
    remove: (release) => {
      kept -= payloads.get(release)?.bytes ?? 0;
      payloads.delete(release);
    },
    forget: (name) => {
      for (const [release, payload] of payloads) if (payload.name === name) release();
    },
  };
}
