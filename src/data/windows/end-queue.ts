/** Something that ends at a time. */
interface Ending<T> {
  readonly end: number;
  /** What came first goes first, of those that end together. */
  readonly order: number;
  readonly value: T;
}

/** A priority queue: gives first what ends first, each in log₂ n steps. */
export interface EndQueue<T> {
  readonly add: (end: number, value: T) => void;
  /** Takes out what ends first, if that is until a time; null otherwise. */
  readonly take: (until: number) => Ending<T> | null;
}

/** A binary heap in an array: the children of i are 2i + 1 and 2i + 2. */
export function endQueue<T>(): EndQueue<T> {
  const heap: Ending<T>[] = [];
  let order = 0;
  const isBefore = (a: Ending<T>, b: Ending<T>): boolean =>
    a.end < b.end || (a.end === b.end && a.order < b.order);

  return {
    add: (end, value) => {
      const added = { end, order: order++, value };
      let at = heap.length;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isBefore(added, heap[parent]!)) break;
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = added;
    },
    take: (until) => {
      const first = heap[0];
      if (!first || first.end > until) return null;
      const last = heap.pop()!;
      if (heap.length === 0) return first;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
        if (child >= heap.length || !isBefore(heap[child]!, last)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
      return first;
    },
  };
}
