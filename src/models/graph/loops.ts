/** Where a node runs: outside of all loops, or in a turn of one. */
export interface Place<T> {
  /** The place from which the loop was entered. */
  readonly outside: Place<T> | null;
  readonly loop: string;
  /** Values that are the same in all turns of the loop. */
  readonly fixed: Map<string, T>;
  /** The outputs of the nodes that have run here. */
  readonly outputs: Map<string, T>;
  /** The first turns of the loops that were entered from here. */
  readonly entered: Map<string, Place<T>>;
  next: Place<T> | null;
}

export function placeIn<T>(loop: string, outside: Place<T> | null, fixed = new Map<string, T>()): Place<T> {
  return { outside, loop, fixed, outputs: new Map(), entered: new Map(), next: null };
}

/** The first turn of a loop that is entered from a place. */
export function firstTurn<T>(from: Place<T>, loop: string): Place<T> {
  let turn = from.entered.get(loop);
  if (!turn) from.entered.set(loop, (turn = placeIn(loop, from)));
  return turn;
}

export function nextTurn<T>(place: Place<T>): Place<T> {
  return (place.next ??= placeIn(place.loop, place.outside, place.fixed));
}

/** What a node has given, seen from a place: it ran there, before all turns, or outside. */
export function seenFrom<T>(place: Place<T>, node: string): T | undefined {
  for (let at: Place<T> | null = place; at; at = at.outside) {
    const found = at.outputs.get(node) ?? at.fixed.get(node);
    if (found !== undefined) return found;
  }
  return undefined;
}
