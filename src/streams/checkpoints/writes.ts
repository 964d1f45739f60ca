import { inOrderFor, type InOrder } from '../operators/parts/in-order';
import type { Output } from '../operator';
import { encodeCheckpoint } from './format';
import { snapshot, type TrainingState } from './snapshot';
import type { CheckpointStore } from './store';

/** Writes checkpoints to a store, one after the other. */
export class Writes {
  readonly #inOrder: InOrder;

  constructor(
    private readonly name: string,
    private readonly store: CheckpointStore,
    private readonly output: Output<never>,
  ) {
    this.#inOrder = inOrderFor(output);
  }

  /** Takes a snapshot of the state now. Resolves when it has been written, or when there is no subscriber any more. */
  add(state: TrainingState): Promise<void> {
    const taking = snapshot(state);
    // A failure is handled in its turn, after the writes before it.
    taking.catch(() => undefined);
    return this.#inOrder.add(async () => {
      const taken = await taking;
      // The subscription may have ended while the device was read.
      if (this.output.isOpen()) await this.#write(encodeCheckpoint(taken));
    });
  }

  /** Runs `work` when all checkpoints added so far have been written. */
  afterwards(work: () => void): void {
    void this.#inOrder.add(work);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await this.store.save(bytes);
    } catch (cause) {
      throw new Error(
        `${this.name}: a checkpoint could not be written to ${this.store.name}: ${String(cause)}`,
        {
          cause,
        },
      );
    }
  }
}
