import { forEachTensor, mapContainer, tensorsIn } from '../tensor/container';
import { detached, handOver } from '../tensor/detached';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { hold, type Held } from './held';
import type { Trail } from './trail';
import { disposeUnowned } from './unowned';

/** A value that is inside of an operator that moves values in time. */
interface Entry {
  readonly held: Held<unknown>;
  /** Its way is over: emitted and finished (null: it is), or released. */
  readonly finish: (finished: Promise<void> | null) => void;
  isReleased: boolean;
}

/** The tensors that `across` carries through an operator: found again by their identity, in whatever the operator makes of its values. */
export class Carried {
  private readonly entries = new Set<Entry>();
  private readonly byTensor = new WeakMap<Tensor, Entry>();

  /** @param holds 'all': until emitted, once; a number: so many, the newest */
  constructor(
    private readonly name: string,
    private readonly holds: number | 'all',
  ) {}

  /** The value as it goes in, and when its way is over (null: there is no tensor in it to be carried). */
  takeIn<T>(value: T): { readonly value: T; readonly isOver: Promise<void> | null } {
    const tensors = tensorsIn(value);
    if (tensors.length === 0) return { value, isOver: null };
    const held = hold(this.name, value);
    const isOver = new Promise<void>((resolve) => {
      const entry: Entry = { held, finish: (finished) => resolve(finished ?? undefined), isReleased: false };
      this.entries.add(entry);
      forEachTensor(held.value, (tensor) => this.byTensor.set(tensor, entry));
    });
    return { value: held.value, isOver };
  }

  /** Releases those that are older than it has to hold. */
  trim(): void {
    if (this.holds === 'all') return;
    for (const entry of this.entries) {
      if (this.entries.size <= this.holds) break;
      this.release(entry);
    }
  }

  /** What the operator made of its values, owned by the open emission; and whose way is over when that is. */
  takeOut<R>(value: R): { readonly value: R; readonly used: readonly Entry[] } {
    const found = tensorsIn(value).map((tensor) => this.entryOf(tensor));
    if (this.holds === 'all') {
      const used = [...new Set(found)];
      for (const entry of used) {
        this.entries.delete(entry);
        entry.isReleased = true;
        entry.held.handOver();
      }
      return { value, used };
    }
    const lent = mapContainer(value, (tensor) => {
      const handle = detached(tensor);
      handOver(handle);
      return handle;
    });
    return { value: lent, used: [] };
  }

  /** The trail of a value that comes out: that of the newest value in it. */
  trailOf(value: unknown): Trail | null {
    const entries = tensorsIn(value).map((tensor) => this.byTensor.get(tensor));
    return entries.at(-1)?.held.trail ?? null;
  }

  releaseAll(): void {
    for (const entry of this.entries) this.release(entry);
  }

  private release(entry: Entry): void {
    this.entries.delete(entry);
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
          'in time and computes none: compute above or below, in mapTensor',
      );
    }
    if (entry.isReleased) {
      const why =
        this.holds === 'all'
          ? "had been emitted before. Give the option 'holds' the number of values that it needs"
          : `was followed by ${this.holds} newer ones. Give the option 'holds' a greater number`;
      throw new Error(
        `${this.name}: the operator inside emitted a tensor of shape ${shape} that was released already: its value ${why}`,
      );
    }
    return entry;
  }
}
