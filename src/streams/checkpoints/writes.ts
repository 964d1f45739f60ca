import { inOrderFor, type InOrder } from '../in-order';
import type { Output } from '../operator';
import { encodeCheckpoint } from './format';
import { snapshot, type TrainingState } from './snapshot';
import type { CheckpointStore } from './store';

/** Checkpoints on their way to a store: one after the other. */
export class Writes {
  private readonly inOrder: InOrder;

  constructor(
    private readonly name: string,
    private readonly store: CheckpointStore,
    private readonly output: Output<never>,
  ) {
    this.inOrder = inOrderFor(output);
  }

  /** Takes the state as it is now; resolves when it has been written, or nobody listens any more. */
  add(state: TrainingState): Promise<void> {
    const taking = snapshot(state);
    // One that fails while those before it are written is dealt with in its turn.
    taking.catch(() => undefined);
    return this.inOrder.add(async () => {
      const taken = await taking;
      // Whoever is below may have left while the device was read.
      if (this.output.isOpen()) await this.write(encodeCheckpoint(taken));
    });
  }

  /** Runs `work` when all so far have been written. */
  afterwards(work: () => void): void {
    void this.inOrder.add(work);
  }

  private async write(bytes: Uint8Array): Promise<void> {
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
