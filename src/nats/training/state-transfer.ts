import type { Checkpoint } from '../../streams/checkpoints/format';
import type { StateNotice } from './asks';
import type { Post } from './post';
import type { RunStores } from './run-stores';

/** The state of the training that members share. */
export interface SharedState {
  /** Copies the state. */
  readonly snapshot: () => Promise<Checkpoint>;
  /** Takes over the state of another member, which has taken so many steps. */
  readonly restore: (checkpoint: Checkpoint, place: string, step: number) => void;
}

/** Hands the state of one member to others, through the object store: it may be larger than a message. */
export class StateTransfer {
  /** The snapshot that was written last, for all who ask at its step. */
  #saved: { readonly step: number; readonly object: Promise<string> } | null = null;

  /** @param run for messages */
  constructor(
    private readonly run: string,
    private readonly state: SharedState,
    private readonly stores: RunStores,
  ) {}

  /** Writes the state of a step, if that has not been done, and returns its name. @param owner a name that no other life has */
  async offer(owner: string, step: number, epoch: number): Promise<StateNotice> {
    if (this.#saved?.step !== step) this.#saved = { step, object: this.#save(`${owner}-${step}`) };
    return { object: await this.#saved.object, step, epoch };
  }

  /**
   * Takes over the state of another member. Returns its step, or null when it could not be had.
   *
   * @param wanted the step that it must be of; null for any
   * @param gone resolves when the other is gone, so that nothing is waited for any more
   */
  async take(
    post: Post,
    from: string,
    epoch: number,
    wanted: number | null,
    timeout: number,
    gone: Promise<void>,
  ): Promise<number | null> {
    const reply = await Promise.race([post.askState(from, timeout), gone]);
    if (reply?.kind !== 'answer') return null;
    const { object, step, epoch: its } = reply.answer;
    if (its !== epoch || step !== (wanted ?? step)) return null;
    const checkpoint = await this.stores.snapshots((snapshots) => snapshots.load(object));
    if (!checkpoint) return null;
    this.state.restore(checkpoint, `run '${this.run}'`, step);
    return step;
  }

  async #save(object: string): Promise<string> {
    try {
      const checkpoint = await this.state.snapshot();
      await this.stores.snapshots((snapshots) => snapshots.save(object, checkpoint));
    } catch (error) {
      this.#saved = null;
      throw error;
    }
    return object;
  }
}
