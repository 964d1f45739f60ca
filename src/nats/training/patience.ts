/** How long a member waits for others, in milliseconds. */
export interface Patience {
  /** Without news for so long, it asks. */
  readonly silence: number;
  /** An answer must come in so long. */
  readonly answer: number;
  /** A member that gives no answer for so long is left out. (One whose process is gone is left out at once.) */
  readonly hang: number;
  /** After the connection was lost, others get so long to connect again too. */
  readonly reconnect: number;
  /** A member that answers, but never sends what is asked for, is left out after so long. */
  readonly useless: number;
}

export const usualPatience: Patience = {
  silence: 300,
  answer: 400,
  hang: 2500,
  reconnect: 2500,
  useless: 30_000,
};

/** The verdict on a member that was asked. */
export type Verdict = 'there' | 'gone';

/** Judges, by their answers, whether other members are still there. */
export class Witness {
  /** When each first failed to answer. */
  readonly #silentSince = new Map<string, number>();
  /** How often in a row nobody was there. */
  readonly #absences = new Map<string, number>();
  readonly #uselessSince = new Map<string, number>();
  #mayBeAwayUntil = 0;
  #longestStep = 0;

  constructor(
    private readonly patience: Patience,
    private readonly now: () => number,
  ) {}

  /** The connection was lost and is there again: others may still be about to return. */
  noteReconnected(): void {
    this.#mayBeAwayUntil = this.now() + this.patience.reconnect;
    this.reset();
  }

  /** A member that computes does not answer meanwhile: what a step takes here tells how long that may be. */
  noteStep(milliseconds: number): void {
    this.#longestStep = Math.max(milliseconds, 0.9 * this.#longestStep);
  }

  /** Whether this member has just connected again, and others may be about to. */
  get mayBeAway(): boolean {
    return this.now() < this.#mayBeAwayUntil;
  }

  /** Whether nobody was there for a member: it is asked again soon, to be sure. */
  get isAnyoneAbsent(): boolean {
    return this.#absences.size > 0;
  }

  /**
   * @param isUseless it answers, but what it is asked for does not come
   * @param isNewcomer this member needs the state of the others: it waits longer for one that hangs, which may be the last that has it
   */
  judge(
    member: string,
    reply: 'answer' | 'nobody' | 'silence',
    isUseless = false,
    isNewcomer = false,
  ): Verdict {
    if (reply === 'answer') {
      this.#silentSince.delete(member);
      this.#absences.delete(member);
      if (!isUseless) {
        this.#uselessSince.delete(member);
        return 'there';
      }
      return this.#lasts(this.#uselessSince, member, this.patience.useless);
    }
    if (this.mayBeAway) return 'there';
    if (reply === 'nobody') {
      const absences = (this.#absences.get(member) ?? 0) + 1;
      this.#absences.set(member, absences);
      return absences >= 2 ? 'gone' : 'there';
    }
    const { hang, useless } = this.patience;
    return this.#lasts(
      this.#silentSince,
      member,
      Math.max(isNewcomer ? useless : hang, 10 * this.#longestStep),
    );
  }

  /** Begins to judge anew. */
  reset(): void {
    this.#silentSince.clear();
    this.#absences.clear();
    this.#uselessSince.clear();
  }

  #lasts(since: Map<string, number>, member: string, limit: number): Verdict {
    const begun = since.get(member) ?? this.now();
    since.set(member, begun);
    return this.now() - begun >= limit ? 'gone' : 'there';
  }
}
