/** One emission by the operator. Values are numbered in the order in which they went in: 0, 1, 2, … */
interface Emitted {
  /** The number of the oldest value in the emission. */
  readonly first: number;
  /** How many values are in the emission. */
  readonly count: number;
  /** The number of the last value that went in. */
  readonly newest: number;
  /** How many older values the operator skipped: they were released without being emitted. */
  readonly passedOver: number;
  /** True when the operator emitted by itself, for example from a timer; false when it emitted while a value went in. */
  readonly isLate: boolean;
}

/** The source waits when more values than this are inside, as long as it is unknown whether the operator is a queue. */
const ROOM = 64;

/** How long the source then waits. After that, twice as many values may be inside. */
const PATIENCE_MS = 250;

/**
 * Decides whether the source waits for the values inside an operator. The source must not wait when the operator drops or gathers values:
 * the operator may need a later value or the end, and an operator that drops by time drops other values when they come more slowly. The
 * source should wait when the operator is a queue, such as `delay`, `observeOn` or `concatMap`.
 *
 * The operator is a queue if it emits two consecutive values late, one after the other, each while a newer value is inside. Other operators
 * never do that. An operator that drops values by time emits the newest value alone (`debounceTime`, `sampleTime`, `auditTime`,
 * `switchMap`), skips the next value (`exhaustMap`), or emits at once (`throttleTime`). An operator that gathers values emits several.
 *
 * Until this is decided, the source is slowed down, so that memory fills slowly. If the operator drops values after that, the slower source
 * may be the reason; this is an error.
 */
export class QueueDetection {
  /** The number of the last emitted value, if it came out late while a newer value was inside; otherwise null. */
  #last: number | null = null;
  #isQueue = false;
  #everDropped = false;
  #hasHeldUp = false;
  #room = ROOM;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param letGo stops the source from waiting for the values inside */
  constructor(private readonly letGo: () => void) {}

  /** Whether the source waits for the value that goes in, given the number of values inside. */
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

  /** Call this when a source has started to wait. */
  noteHeldUp(): void {
    this.#hasHeldUp = true;
  }

  /**
   * Call this when the operator has emitted at least one value that it had not emitted before.
   *
   * @throws when the source was made to wait and the operator has dropped or gathered values, perhaps because of that wait
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

  /** Call this when the source has completed: from then on its speed does not affect what the operator emits. */
  end(): void {
    this.#hasHeldUp = false;
  }

  /** Cancels the timer. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
