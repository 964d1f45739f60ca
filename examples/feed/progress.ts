import type { Replayed } from 'rxtensor/data';

/** A row as the memory keeps it: plain numbers, which JSON keeps too. */
export interface Row {
  readonly x: readonly number[];
  readonly y: number;
}

/** How far the learner has come. A checkpoint keeps it as JSON. */
export interface Progress {
  /** How many rows were learnt, and the sum of their numbers, which shows that none was lost or came twice. */
  readonly rows: number;
  readonly sumOfIds: number;
  /** How many batches that was. */
  readonly step: number;
  /** Which of them were drifts, by the numbers of their steps; and how many errors the detector has seen since the last one. */
  readonly drifts: readonly number[];
  readonly seenSince: number;
  /** The learning rate. */
  readonly rate: number;
}

export const beginning: Progress = { rows: 0, sumOfIds: 0, step: 0, drifts: [], seenSince: 0, rate: 0 };

/** @throws unless it is what a checkpoint kept, or nothing */
export function savedProgress(kept: unknown): Progress {
  if (kept === undefined) return beginning;
  const { drifts, ...numbers } = Object(kept) as Partial<Progress>;
  const wanted = Object.keys(beginning).length - 1;
  const all = [...Object.values(numbers), ...(Array.isArray(drifts) ? (drifts as unknown[]) : [NaN])];
  if (Object.keys(numbers).length !== wanted || !all.every(Number.isFinite))
    throw new Error(`the checkpoint keeps ${JSON.stringify(kept)}; wanted the progress of a learner`);
  return kept as Progress;
}

/** @throws unless they are rows that a checkpoint kept, or nothing */
export function savedRows(kept: unknown): readonly Replayed<Row>[] {
  const rows = (kept ?? []) as readonly Replayed<Row>[];
  const isRow = (row: Partial<Replayed<Row>> | null): boolean =>
    Array.isArray(row?.value?.x) &&
    [...(row.value.x as number[]), row.value.y, row.slot, row.weight].every(Number.isFinite) &&
    typeof row.isReplay === 'boolean';
  const isList: boolean = Array.isArray(rows);
  if (isList && rows.every(isRow)) return rows;
  throw new Error(`the checkpoint keeps ${JSON.stringify(kept)}; wanted rows that wait for their batch`);
}
