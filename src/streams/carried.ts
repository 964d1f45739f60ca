import { forEachTensor, tensorsIn } from '../tensor/container';
import { warnOnce } from '../tensor/debug';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { waitFor, type Waiter } from './emission';
import { Holdings, type Held } from './held';
import { InTurn } from './in-turn';
import type { Trail } from './trail';
import { disposeUnowned } from './unowned';

/**
 * How long values are held. 'in turn': until the operator emits newer ones alone, which lets those before them go. 'all': until emitted,
 * once. A number: so many, the newest.
 */
export type Holding = 'in turn' | 'all' | number;

/** A value that is inside of an operator that moves values in time. */
interface Entry {
  /** Counts what goes in. */
  readonly index: number;
  readonly held: Held<unknown>;
  /** Its way is over: emitted and finished (null: it is), or released. */
  finish: (finished: Promise<void> | null) => void;
  /** Whether the operator has emitted it. */
  isOut: boolean;
  isReleased: boolean;
}

/** Why a source waits. */
const HELD: Waiter = {
  by: 'across',
  waitsForValues: true,
  cure:
    'the operator inside of it waits for more values, or for the end, or has dropped some: leave out the option holds, or give it the ' +
    'number of values that the operator needs',
};

/** More values inside than this may be meant, but rarely are. */
const MANY = 1000;

/** The tensors that `across` carries through an operator: found again by their identity, in whatever the operator makes of its values. */
export class Carried {
  /** The oldest first. */
  private readonly entries = new Set<Entry>();
  private readonly byTensor = new WeakMap<Tensor, Entry>();
  private readonly inTurn = new InTurn(() => this.letGo());
  /** How many have gone in, and how many of those are inside that have not come out. */
  private taken = 0;
  private inside = 0;

  private readonly holdings: Holdings;

  constructor(
    private readonly name: string,
    private readonly holding: Holding,
  ) {
    this.holdings = new Holdings(name);
  }

  /** The value as it goes in; where the source has to wait for it, that does. */
  takeIn<T>(value: T): T {
    if (tensorsIn(value).length === 0) return value;
    const held = this.holdings.hold(value);
    const entry: Entry = {
      index: this.taken++,
      held,
      finish: () => undefined,
      isOut: false,
      isReleased: false,
    };
    this.entries.add(entry);
    this.inside++;
    forEachTensor(held.value, (tensor) => this.byTensor.set(tensor, entry));
    if (this.holding === 'all') this.holdUpFor(entry);
    if (this.holding === 'in turn') {
      if (this.inTurn.holdsUp(this.inside) && this.holdUpFor(entry)) this.inTurn.noteHeldUp();
      if (this.entries.size === MANY) this.warnOfMany();
    }
    return held.value;
  }

  /** Nothing goes in any more. */
  end(): void {
    this.inTurn.end();
  }

  /** Releases those that are older than it has to hold. */
  trim(): void {
    if (typeof this.holding !== 'number') return;
    for (const entry of this.entries) {
      if (this.entries.size <= this.holding) break;
      this.release(entry);
    }
  }

  /**
   * What the operator made of its values, owned by the open emission; and whose way is over when that is.
   *
   * @param isLate whether it comes by itself, and not in answer to a value that goes in
   */
  takeOut<R>(value: R, isLate: boolean): { readonly value: R; readonly used: readonly Entry[] } {
    const used = [...new Set(tensorsIn(value).map((tensor) => this.entryOf(tensor)))];
    if (this.holding === 'all') {
      for (const entry of used) {
        this.entries.delete(entry);
        this.noteOut(entry);
        entry.isReleased = true;
        entry.held.handOver();
      }
      return { value, used };
    }
    const lent = this.holdings.lend(value);
    if (this.holding === 'in turn' && used.length > 0) this.letPassedGo(used, isLate);
    return { value: lent, used };
  }

  /** The trail of a value that comes out: that of the newest value in it. */
  trailOf(value: unknown): Trail | null {
    const entries = tensorsIn(value).map((tensor) => this.byTensor.get(tensor));
    return entries.at(-1)?.held.trail ?? null;
  }

  /** How many values are inside that never came out. */
  get neverEmitted(): number {
    return this.inside;
  }

  releaseAll(): void {
    this.inTurn.stop();
    for (const entry of this.entries) this.release(entry);
    this.holdings.releaseAll();
  }

  /** Values older than the oldest of these do not come any more. */
  private letPassedGo(used: readonly Entry[], isLate: boolean): void {
    const first = Math.min(...used.map(({ index }) => index));
    const before = this.inside;
    for (const entry of this.entries) {
      if (entry.index >= first) break;
      this.release(entry);
    }
    const passedOver = before - this.inside;
    const isNew = used.some(({ isOut }) => !isOut);
    for (const entry of used) this.noteOut(entry);
    if (isNew) this.inTurn.note({ first, count: used.length, newest: this.taken - 1, passedOver, isLate });
  }

  /** Whether a source waits indeed. */
  private holdUpFor(entry: Entry): boolean {
    const isOver = new Promise<void>((resolve) => {
      entry.finish = (finished) => resolve(finished ?? undefined);
    });
    return waitFor(HELD, isOver);
  }

  private letGo(): void {
    for (const entry of this.entries) entry.finish(null);
  }

  private noteOut(entry: Entry): void {
    if (!entry.isOut) this.inside--;
    entry.isOut = true;
  }

  private release(entry: Entry): void {
    this.entries.delete(entry);
    if (!entry.isOut) this.inside--;
    entry.isReleased = true;
    entry.held.release();
    entry.finish(null);
  }

  private entryOf(tensor: Tensor): Entry {
    const entry = this.byTensor.get(tensor);
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
        `${this.name}: the operator inside emitted a tensor of shape ${shape} that was released already: its value ${this.whyReleased()}`,
      );
    }
    return entry;
  }

  private whyReleased(): string {
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

  private warnOfMany(): void {
    warnOnce(
      `${this.name} holds ${MANY} values that the operator inside has not emitted yet. If it needs only the newest, as last or sampleTime, ` +
        "give the option holds: 1, or the number that it needs; if all of them come out later, as of delay or concatMap, holds: 'all' makes " +
        'the source wait',
    );
  }
}
