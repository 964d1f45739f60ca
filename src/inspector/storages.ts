import type { Storage } from '../tensor/device';
import { observeDevice } from '../tensor/device-observers';
import { BYTES_PER_ELEMENT } from '../kernels';
import type { Tensor } from '../tensor/tensor';
import { workOf, type Calls } from './calls';
import type { Work } from './place';

/** A living storage, and whose code made it or has the view that keeps it alive. */
interface Made {
  readonly by: Work;
  readonly turn: number;
  readonly views: { readonly tensor: WeakRef<Tensor>; readonly by: Work; readonly turn: number }[];
  /** Whether a variable has taken it over. */
  isState: boolean;
}

/** What the code of one place has made and nobody has freed. */
export interface Left {
  readonly storages: number;
  readonly bytes: number;
  /** The turns in which it was made, the oldest first, each once. State of variables is left out. */
  readonly turns: readonly number[];
}

/** More views of one storage than this are looked through for those that are gone. */
const MANY_VIEWS = 32;

/** Notes which operator's code makes the storages on the device. */
export class Storages {
  readonly #living = new Map<Storage, Made>();
  readonly end: () => void;

  constructor(private readonly calls: Calls) {
    this.end = observeDevice({
      allocate: ({ storage }) => {
        const call = this.calls.innermost;
        if (!call) return;
        this.#living.set(storage, { by: workOf(call), turn: this.calls.turn, views: [], isState: false });
      },
      view: ({ output }) => {
        const call = this.calls.innermost;
        const made = this.#living.get(output.storage);
        if (!call || !made) return;
        if (made.views.length >= MANY_VIEWS) {
          const living = made.views.filter(({ tensor }) => tensor.deref()?.isDisposed === false);
          made.views.splice(0, Infinity, ...living);
        }
        made.views.push({ tensor: new WeakRef(output), by: workOf(call), turn: this.calls.turn });
      },
      swap: ({ after }) => {
        const made = this.#living.get(after);
        if (made) made.isState = true;
      },
      free: ({ storage }) => void this.#living.delete(storage),
    });
  }

  /**
   * What the emissions that have ended have left, by the code that made it.
   *
   * @param held storages that operators hold, which are not left behind
   */
  left(held: ReadonlySet<Storage>): ReadonlyMap<Work, Left> {
    const found = new Map<Work, { storages: number; bytes: number; turns: Set<number> }>();
    const running = this.calls.innermost ? this.calls.turn : null;
    for (const [storage, made] of this.#living) {
      if (held.has(storage)) continue;
      const { by, turn } = made.views.find(({ tensor }) => tensor.deref()?.isDisposed === false) ?? made;
      if (turn === running) continue;
      const left = found.get(by) ?? { storages: 0, bytes: 0, turns: new Set<number>() };
      found.set(by, left);
      left.storages++;
      left.bytes += storage.size * BYTES_PER_ELEMENT;
      if (!made.isState) left.turns.add(turn);
    }
    return new Map(
      [...found].map(([by, { turns, ...rest }]) => [
        by,
        { ...rest, turns: [...turns].sort((a, b) => a - b) },
      ]),
    );
  }
}
