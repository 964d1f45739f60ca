import { forEachTensor, tensorsIn } from '../../../tensor/container';
import { warnOnce } from '../../../tensor/debug';
import { formatShape } from '../../../tensor/shape';
import type { Tensor } from '../../../tensor/tensor';
import { waitFor, type Waiter } from '../../emission';
import { Holdings, type Held } from '../../ownership/held-values';
import { QueueDetection } from './queue-detection';
import type { Trail } from '../../trail';
import { disposeUnowned } from '../../ownership/unowned-tensors';

/**
 * How long values are held. With 'in turn', an emission releases all values older than the oldest value in it. With 'all', each value is
 * held until the operator emits it, which it may do once. With a number n, the newest n values are held.
 */
export type Holding = 'in turn' | 'all' | number;

/** A value held for an operator that moves values in time, such as `delay`. */
interface Entry {
  /** Numbers the values in the order in which they went in: 0, 1, 2, … */
  readonly index: number;
  readonly held: Held<unknown>;
  /** Ends the wait for this value. Call it when the value is emitted, with the emission's promise (null: already finished), or released. */
  finish: (finished: Promise<void> | null) => void;
  /** Whether the operator has emitted it. */
  isOut: boolean;
  isReleased: boolean;
}

/** The reason, for messages, why a source waits. */
const HELD: Waiter = {
  by: 'across',
  waitsForValues: true,
  cure:
    'the operator inside of it waits for more values, or for the end, or has dropped some: leave out the option holds, or give it the ' +
    'number of values that the operator needs',
};

/** Warns when this many values are held: that is rarely intended. */
const MANY = 1000;

/** The tensors that `across` carries through an operator. It finds them by object identity in the values that the operator emits. */
export class CarriedValues {
  /** Sorted by age, the oldest first. */
  readonly #entries = new Set<Entry>();
  readonly #byTensor = new WeakMap<Tensor, Entry>();
  readonly #detection = new QueueDetection(() => this.#letGo());
  /** How many values with tensors have gone in. */
  #taken = 0;
  /** How many of those are still inside: neither emitted nor released. */
  #inside = 0;

  readonly #holdings: Holdings;
  #isDone = false;

  constructor(
    private readonly name: string,
    private readonly holding: Holding,
  ) {
    this.#holdings = new Holdings(name);
  }

  /** Holds a value that goes in, and makes the source wait if necessary. Returns the value to pass to the operator. */
  takeIn<T>(value: T): T {
    if (tensorsIn(value).length === 0) return value;
    const held = this.#holdings.hold(value);
    const entry: Entry = {
      index: this.#taken++,
      held,
      finish: () => undefined,
      isOut: false,
      isReleased: false,
    };
    this.#entries.add(entry);
    this.#inside++;
    forEachTensor(held.value, (tensor) => this.#byTensor.set(tensor, entry));
    if (this.holding === 'all') this.#holdUpFor(entry);
    if (this.holding === 'in turn') {
      if (this.#detection.holdsUp(this.#inside) && this.#holdUpFor(entry)) this.#detection.noteHeldUp();
      if (this.#entries.size === MANY) this.#warnOfMany();
    }
    return held.value;
  }

  /** Call this when the source has completed. */
  end(): void {
    this.#detection.end();
  }

  /** If `holding` is a number, releases the oldest values until only that many are held. */
  trim(): void {
    if (typeof this.holding !== 'number') return;
    for (const entry of this.#entries) {
      if (this.#entries.size <= this.holding) break;
      this.#release(entry);
    }
  }

  /**
   * Makes the current emission own a value that the operator emits. Returns the value, and the entries whose tensors are in it.
   *
   * @param isLate true when the operator emits later by itself, for example from a timer; false when it emits while a value goes in
   */
  takeOut<R>(value: R, isLate: boolean): { readonly value: R; readonly used: readonly Entry[] } {
    const used = [...new Set(tensorsIn(value).map((tensor) => this.#entryOf(tensor)))];
    if (this.holding === 'all') {
      for (const entry of used) {
        this.#entries.delete(entry);
        this.#noteOut(entry);
        entry.isReleased = true;
        entry.held.handOver();
      }
      return { value, used };
    }
    const lent = this.#holdings.lend(value);
    if (this.holding === 'in turn' && used.length > 0) this.#letPassedGo(used, isLate);
    return { value: lent, used };
  }

  /** Returns the trail of an emitted value: the trail of the last tensor in it, or null when it holds no tensors. */
  trailOf(value: unknown): Trail | null {
    const entries = tensorsIn(value).map((tensor) => this.#byTensor.get(tensor));
    return entries.at(-1)?.held.trail ?? null;
  }

  /** Whether everything has been released, because nobody listens any more. */
  get isOver(): boolean {
    return this.#isDone;
  }

  /** How many values went in and were neither emitted nor released. */
  get neverEmitted(): number {
    return this.#inside;
  }

  releaseAll(): void {
    this.#isDone = true;
    this.#detection.stop();
    for (const entry of this.#entries) this.#release(entry);
    this.#holdings.releaseAll();
  }

  /** Releases all values older than the oldest of these. The operator is expected not to emit them any more. */
  #letPassedGo(used: readonly Entry[], isLate: boolean): void {
    const first = Math.min(...used.map(({ index }) => index));
    const before = this.#inside;
    for (const entry of this.#entries) {
      if (entry.index >= first) break;
      this.#release(entry);
    }
    const passedOver = before - this.#inside;
    const isNew = used.some(({ isOut }) => !isOut);
    for (const entry of used) this.#noteOut(entry);
    if (isNew)
      this.#detection.note({ first, count: used.length, newest: this.#taken - 1, passedOver, isLate });
  }

  /** Makes the source wait for a value. Returns false when no source can wait. */
  #holdUpFor(entry: Entry): boolean {
    const isOver = new Promise<void>((resolve) => {
      entry.finish = (finished) => resolve(finished ?? undefined);
    });
    return waitFor(HELD, isOver);
  }

  #letGo(): void {
    for (const entry of this.#entries) entry.finish(null);
  }

  #noteOut(entry: Entry): void {
    if (!entry.isOut) this.#inside--;
    entry.isOut = true;
  }

  #release(entry: Entry): void {
    this.#entries.delete(entry);
    if (!entry.isOut) this.#inside--;
    entry.isReleased = true;
    entry.held.release();
    entry.finish(null);
  }

  #entryOf(tensor: Tensor): Entry {
    const entry = this.#byTensor.get(tensor);
    const shape = formatShape(tensor.shape);
    if (!entry) {
      disposeUnowned(tensor);
      throw new Error(
        `${this.name}: the operator inside emitted a tensor of shape ${shape} that it was not given; wanted an operator that moves values ` +
          'in time and computes none: compute above or below, in mapTensor, or in scanTensor',
      );
    }
    if (entry.isReleased) {
      throw new Error(
        `${this.name}: the operator inside emitted a tensor of shape ${shape} that was released already: its value ${this.#whyReleased()}`,
      );
    }
    return entry;
  }

  #whyReleased(): string {
    if (this.holding === 'all') {
      return "had been emitted before, and holds: 'all' holds each until then. Leave out the option 'holds', or give it the number of values that the operator needs";
    }
    if (this.holding === 'in turn') {
      return (
        "came after newer ones. Where values overtake one another, each coming out once (mergeMap, delayWhen), give the option holds: 'all'; " +
        "where they come out again, give 'holds' the number of values that the operator needs"
      );
    }
    return `was followed by ${this.holding} newer ones. Give the option 'holds' a greater number`;
  }

  #warnOfMany(): void {
    warnOnce(
      `${this.name} holds ${MANY} values that the operator inside has not emitted yet. If it needs only the newest, as last or sampleTime, ` +
        "give the option holds: 1, or the number that it needs; if all of them come out later, as of delay or concatMap, holds: 'all' makes " +
        'the source wait',
    );
  }
}
