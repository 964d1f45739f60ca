import type { Standing } from './asks';
import type { Member } from './view';

/** How many rows the batches of a member have. Members that are given the same batches have as many, so what differs is noticed when they agree. */
export class BatchRows {
  /** By their steps: of the last batch, and of the one before, since another member may be one step behind. */
  readonly #rows = new Map<number, number | null>();
  #count = 0;

  /** How many steps the batches so far are for. */
  get count(): number {
    return this.#count;
  }

  /** The step of the last batch; null before there is one. */
  get last(): number | null {
    return this.#count === 0 ? null : this.#count - 1;
  }

  /** A batch has come. @param rows null if each member has batches of its own, or they were told before */
  note(step: number, rows: number | null): void {
    this.#rows.set(step, rows ?? this.of(step));
    this.#count = Math.max(this.#count, step + 1);
    for (const each of this.#rows.keys()) if (each < this.#count - 2) this.#rows.delete(each);
  }

  /** The rows of the batch of a step; null where that is not known. */
  of(step: number | null): number | null {
    return (step === null ? null : this.#rows.get(step)) ?? null;
  }

  /**
   * Compares the last batch with that of the first member that knows its own for the same step.
   *
   * @param standings of the members, in their order
   * @throws when they have different numbers of rows: the first member is right, as it is about the variables
   */
  assertAlike(members: readonly Member[], standings: readonly Standing[], own: Standing): void {
    const first = standings.findIndex(({ rows }) => rows !== null);
    if (first < 0 || own.rows === null || standings[first]!.rows === own.rows) return;
    throw new Error(
      `dataParallel: the batch of step ${this.last} has ${own.rows} rows here, and ${standings[first]!.rows} at '${members[first]!.name}'; wanted the same for ` +
        "all, or the option batches: 'own'",
    );
  }
}
