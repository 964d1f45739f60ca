/** A row of a drawn graph: its own lane, the lanes that end in it, those that begin below it, and those that pass by. Lanes count from 0. */
export interface LanesOfRow {
  readonly lane: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly passing: readonly number[];
}

/**
 * Lays out a graph as lanes beside rows, as version control draws its history. Each row comes before those that it feeds.
 */
export function lanesOf(
  rows: readonly { readonly id: number; readonly to: readonly number[] }[],
): readonly LanesOfRow[] {
  /** For each lane the row where it leads; null for a free one. */
  const targets: (number | null)[] = [];
  const take = (target: number): number => {
    const free = targets.indexOf(null);
    const lane = free < 0 ? targets.length : free;
    targets[lane] = target;
    return lane;
  };
  return rows.map(({ id, to }) => {
    const from = targets.flatMap((target, lane) => (target === id ? [lane] : []));
    const lane = from[0] ?? take(id);
    for (const each of [lane, ...from]) targets[each] = null;
    const passing = targets.flatMap((target, each) => (target === null ? [] : [each]));
    const [first, ...others] = to;
    if (first === undefined) return { lane, from, to: [], passing };
    targets[lane] = first;
    return { lane, from, to: [lane, ...others.map(take)], passing };
  });
}
