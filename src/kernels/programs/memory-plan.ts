/**
 * Where the values of a program lie in one block of memory, its arena.
 *
 * Values that live at the same time lie apart. Placing the largest first, each into the smallest gap that holds it, comes close to the
 * lower bound: Y. Pisarchyk and J. Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020 (greedy by size).
 */

/** A value in the arena. It lives from the step that writes it to the last step that reads it, both included. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
  /**
   * Values, by their position in the list, in whose place this one may be written, if they die at its first step: the best first. Each must
   * be read by that step element by element.
   */
  readonly inPlaceOf?: readonly number[];
}

export interface MemoryPlan {
  /** Where each value begins, in bytes. */
  readonly offsets: readonly number[];
  /** Bytes of the arena. */
  readonly bytes: number;
}

/** Values begin at multiples of it, as the backend's blocks do. */
export const ALIGNMENT = 16;

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Values that take one place, one after the other. */
interface Place {
  bytes: number;
  readonly first: number;
  last: number;
  offset: number;
}

/** Gives each value a place. A value that may be written in place of one that dies, and is not larger, takes over that value's place. */
function placesOf(lifetimes: readonly Lifetime[]): Place[] {
  const places: Place[] = [];
  const order = lifetimes.map((_, i) => i).sort((a, b) => lifetimes[a]!.first - lifetimes[b]!.first);
  const takenOver = new Set<number>();
  for (const i of order) {
    const { bytes, first, last, inPlaceOf = [] } = lifetimes[i]!;
    const source = inPlaceOf.find(
      (other) =>
        lifetimes[other]!.first < first &&
        lifetimes[other]!.last === first &&
        !takenOver.has(other) &&
        aligned(bytes) <= places[other]!.bytes,
    );
    if (source === undefined) {
      places[i] = { bytes: aligned(bytes), first, last, offset: -1 };
    } else {
      takenOver.add(source);
      const place = places[source]!;
      place.last = last;
      places[i] = place;
    }
  }
  return places;
}

/** The offset of the smallest gap that holds `bytes` among places in the order of their offsets, or the end of the last. */
function bestGap(neighbours: readonly Place[], bytes: number): number {
  let end = 0;
  let best = -1;
  let room = Infinity;
  for (const { offset, bytes: taken } of neighbours) {
    const gap = offset - end;
    if (gap >= bytes && gap < room) {
      best = end;
      room = gap;
    }
    end = Math.max(end, offset + taken);
  }
  return best < 0 ? end : best;
}

/** Plans the arena of values with the given lifetimes. */
export function planMemory(lifetimes: readonly Lifetime[]): MemoryPlan {
  const places = placesOf(lifetimes);
  /** In the order of their offsets. */
  const placed: Place[] = [];
  const bySize = [...new Set(places)].sort((a, b) => b.bytes - a.bytes || a.first - b.first);
  let bytes = 0;
  for (const place of bySize) {
    const neighbours = placed.filter(({ first, last }) => first <= place.last && place.first <= last);
    place.offset = bestGap(neighbours, place.bytes);
    bytes = Math.max(bytes, place.offset + place.bytes);
    const behind = placed.findIndex(({ offset }) => offset > place.offset);
    placed.splice(behind < 0 ? placed.length : behind, 0, place);
  }
  return { offsets: places.map(({ offset }) => offset), bytes };
}

/** The most bytes that are alive at one step, values in place of others not counted twice: no plan can do with less. */
export function leastBytes(lifetimes: readonly Lifetime[]): number {
  const changes = new Map<number, number>();
  const change = (step: number, bytes: number): void =>
    void changes.set(step, (changes.get(step) ?? 0) + bytes);
  for (const { bytes, first, last } of new Set(placesOf(lifetimes))) {
    change(first, bytes);
    change(last + 1, -bytes);
  }
  let alive = 0;
  let most = 0;
  for (const [, bytes] of [...changes].sort(([a], [b]) => a - b)) {
    alive += bytes;
    most = Math.max(most, alive);
  }
  return most;
}
