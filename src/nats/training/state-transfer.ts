import type { Checkpoint } from '../../streams/checkpoints/format';
import { oneLine } from '../connection';
import type { StateNotice } from './asks';
import type { Post } from './post';
import { RefusedByServer, type RunStores } from './run-stores';
import { sleep } from './signal';
import { KEPT_MS } from './snapshots';

/** The state of the training that members share. */
export interface SharedState {
  /** Copies the state. */
  readonly snapshot: () => Promise<Checkpoint>;
  /** Takes over the state of another member, which has taken so many steps. */
  readonly restore: (checkpoint: Checkpoint, place: string, step: number) => void;
}

/** A snapshot that is being written, has been written under a name, or could not be. */
interface Saved {
  readonly step: number;
  /** When it was begun, in ms. */
  readonly since: number;
  object: string | null;
  fault: { readonly error: unknown } | null;
}

/** Whose state is taken over, and which. */
export interface Giver {
  readonly name: string;
  readonly epoch: number;
  /** The step that the state must be of; null for any. */
  readonly wanted: number | null;
  /** It must answer in so many ms. */
  readonly answer: number;
  /** Whether the state interests nobody any more. */
  readonly isOver: () => boolean;
}

/** From one question to the next while a snapshot is being written, in ms. */
const SOON_MS = 20;

/** Hands the state of one member to others, through the object store: it may be larger than a message. */
export class StateTransfer {
  /** The snapshot that was begun last, for all who ask at its step. */
  #saved: Saved | null = null;

  /** @param run for messages */
  constructor(
    private readonly run: string,
    private readonly state: SharedState,
    private readonly stores: RunStores,
  ) {}

  /**
   * The name of the state of a step, which begins to be written if it has not been yet. Nobody is kept waiting: who asks, asks again.
   *
   * @param owner a name that no other life has
   * @throws once, when it could not be written; what the server refuses is told instead: who asks cannot have the state
   */
  offer(owner: string, step: number, epoch: number): StateNotice {
    const isOld = performance.now() - (this.#saved?.since ?? 0) > KEPT_MS / 2;
    if (this.#saved?.step !== step || isOld) this.#saved = this.#save(`${owner}-${step}`, step);
    const { object, fault } = this.#saved;
    if (fault) {
      this.#saved = null;
      const { error } = fault;
      if (error instanceof RefusedByServer) return { object, step, epoch, fault: error.message };
      throw error;
    }
    return { object, step, epoch };
  }

  /**
   * Takes over the state of another member. Returns its step, or null when it could not be had: the other does not answer, or has followed another view.
   *
   * @throws when the server refuses to store it
   */
  async take(post: Post, { name, epoch, wanted, answer, isOver }: Giver): Promise<number | null> {
    while (!isOver()) {
      const reply = await post.askState(name, answer);
      if (reply.kind !== 'answer') return null;
      const { object, step, epoch: its, fault } = reply.answer;
      if (fault !== undefined)
        throw new Error(`dataParallel: '${name}' cannot hand over its state: ${oneLine(fault)}`);
      if (its !== epoch || step !== (wanted ?? step)) return null;
      if (object === null) {
        await sleep(SOON_MS);
        continue;
      }
      return (await this.#load(object, step, isOver)) ? step : null;
    }
    return null;
  }

  /**
   * Keeps the state of the end for members that come back when all have finished. Returns whether it could: where the server refuses it, they find none.
   *
   * @param object a name that no other life has
   */
  async keep(object: string): Promise<boolean> {
    const checkpoint = await this.state.snapshot();
    try {
      await this.stores.snapshots((snapshots) => snapshots.keep(object, checkpoint));
      return true;
    } catch (error) {
      if (error instanceof RefusedByServer) return false;
      throw error;
    }
  }

  /** Takes over the state of the end, of a step. Returns whether it was there. */
  takeKept(object: string, step: number): Promise<boolean> {
    return this.#load(object, step, () => false);
  }

  async #load(object: string, step: number, isOver: () => boolean): Promise<boolean> {
    const checkpoint = await this.stores.snapshots((snapshots) => snapshots.load(object));
    if (!checkpoint || isOver()) return false;
    this.state.restore(checkpoint, `run '${this.run}'`, step);
    // What was written of this member's own state is that of the run no more.
    this.#saved = null;
    return true;
  }

  #save(object: string, step: number): Saved {
    const saved: Saved = { step, since: performance.now(), object: null, fault: null };
    const write = async (): Promise<void> => {
      try {
        const checkpoint = await this.state.snapshot();
        await this.stores.snapshots((snapshots) => snapshots.save(object, checkpoint));
        saved.object = object;
      } catch (error) {
        saved.fault = { error };
      }
    };
    void write();
    return saved;
  }
}
