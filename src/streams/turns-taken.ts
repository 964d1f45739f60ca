/** What an operator emitted, by the numbers of the values that went in: 0, 1, 2, … */
interface Emitted {
  /** The oldest value in it. */
  readonly first: number;
  /** How many values are in it. */
  readonly count: number;
  /** The last value that went in. */
  readonly newest: number;
  /** How many values before it never came out. */
  readonly passedOver: number;
  /** Whether it came by itself, and not in answer to a value that went in. */
  readonly isLate: boolean;
}

/**
 * Whether an operator is a queue, as `delay`, `observeOn` and `concatMap` are: what it emits does not depend on how fast values go in, so
 * that the source may be made to wait for them. The proof is two neighbours that come out late, one after the other, each while a newer one
 * is inside: operators that drop values by time emit the newest alone (`debounceTime`, `sampleTime`, `auditTime`, `switchMap`), or never its
 * neighbour (`exhaustMap`), or at once (`throttleTime`), and those that gather values emit several.
 */
export class TurnsTaken {
  /** The value that came out last, late, and while newer ones were inside. */
  private last: number | null = null;
  private everDropped = false;
  private proven = false;

  get areTaken(): boolean {
    return this.proven && !this.everDropped;
  }

  note({ first, count, newest, passedOver, isLate }: Emitted): void {
    if (passedOver > 0) this.everDropped = true;
    if (!isLate || count > 1 || first === newest) {
      this.last = null;
      return;
    }
    if (this.last === first - 1) this.proven = true;
    this.last = first;
  }
}
