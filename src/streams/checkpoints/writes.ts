import type { Output } from '../operator';
import { encodeCheckpoint } from './format';
import { snapshot, type TrainingState } from './snapshot';
import type { CheckpointStore } from './store';

/** Checkpoints on their way to a store: one after the other. */
export class Writes {
  /** Resolves when all so far have been written. */
  private tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly name: string,
    private readonly store: CheckpointStore,
    private readonly output: Output<never>,
  ) {}

  /** Takes the state as it is now; resolves when it has been written, or nobody listens any more. */
  add(state: TrainingState): Promise<void> {
    const taking = snapshot(state);
    // One that fails while those before it are written is dealt with in its turn.
    taking.catch(() => undefined);
    this.tail = this.tail.then(async () => {
      if (!this.output.isOpen()) return;
      try {
        const taken = await taking;
        await this.write(encodeCheckpoint(taken));
      } catch (error) {
        if (this.output.isOpen()) this.output.error(error);
      }
    });
    return this.tail;
  }

  /** Runs `work` when all so far have been written. */
  afterwards(work: () => void): void {
    this.tail = this.tail.then(() => {
      if (this.output.isOpen()) work();
    });
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
