/** An emission of the operator. Values are numbered in the order in which they went in: 0, 1, 2, … */
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

/** The number of values inside from which the source is slowed down, while it is not known whether the operator is a queue. */
const ROOM = 64;

/** How long the source then waits, before there is room for twice as many. */
const PATIENCE_MS = 250;

/**
 * Decides whether the source waits for the values inside of an operator. The source must run on when the operator drops or gathers values: it
 * may need a later value or the end, and what is dropped by time depends on how fast values come. The source should wait when the operator is
 * a queue, as `delay`, `observeOn` and `concatMap` are. It is a queue if two neighbours come out late, one after the other, each while a newer
 * value is inside. Other operators never do that: those that drop values by time emit the newest alone (`debounceTime`, `sampleTime`,
 * `auditTime`, `switchMap`), or never its neighbour (`exhaustMap`), or emit at once (`throttleTime`); those that gather values emit several.
 *
 * Until that is known the source is slowed down, so that the memory fills slowly. If the operator then drops values, the delay may be the
 * reason, which is an error.
 */
export class QueueDetection {
  /** The value that came out last, late, and while newer ones were inside. */
  #last: number | null = null;
  #isQueue = false;
  #everDropped = false;
  #hasHeldUp = false;
  #room = ROOM;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param letGo ends the waiting for all values inside */
  constructor(private readonly letGo: () => void) {}

  /** Whether the source waits for a value, given the number of values inside. */
  holdsUp(inside: number): boolean {
    if (this.#isQueue) return true;
    if (inside <= this.#room) return false;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#room = 2 * inside;
      this.letGo();
    }, PATIENCE_MS);
    return true;
  }

  /** To be called when a source has started to wait. */
  noteHeldUp(): void {
    this.#hasHeldUp = true;
  }

  /**
   * The operator has emitted values for the first time.
   *
   * @throws where it might not have done so if the source had run on
   */
  note({ first, count, newest, passedOver, isLate }: Emitted): void {
    if (this.#hasHeldUp && (passedOver > 0 || (isLate && count > 1))) {
      throw new Error(
        'across: the source was made to wait for what the operator inside held, and the operator has dropped values or gathered them by time, ' +
          "as it might not have done otherwise. Give the option 'holds' the number of values that it needs, as 1 for debounceTime, sampleTime, " +
          "auditTime or switchMap: then the source never waits. Where values overtake one another, as in mergeMap, give holds: 'all'",
      );
    }
    if (passedOver > 0) this.#everDropped = true;
    const inTurn = isLate && count === 1 && first !== newest;
    if (inTurn && this.#last === first - 1 && !this.#everDropped) this.#isQueue = true;
    this.#last = inTurn ? first : null;
    if (this.#isQueue) this.stop();
  }

  /** Nothing goes in any more: what comes out does not depend on the source. */
  end(): void {
    this.#hasHeldUp = false;
  }

  /** Calls off what is to come. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
