import { LOOK_MS } from './joining';
import type { KnownView } from './known-view';
import type { Questions } from './questions';
import type { Round } from './round';
import type { Rounds } from './rounds';
import type { Signal } from './signal';

/** What an exchange needs of its member. */
export interface Exchanger {
  readonly rounds: Rounds;
  readonly view: KnownView;
  readonly questions: Questions;
  readonly news: Signal;
  readonly isClosed: () => boolean;
  /** Without news for so many ms, the others are asked. */
  readonly silence: number;
  /** When the step before was taken, or this member last agreed with the others, in ms. */
  readonly since: number;
}

/** Exchanges a vector with the other members. Returns the mean of all; null when the members have changed, or have to agree anew. */
export async function exchange(
  vector: Float32Array,
  weight: number,
  { rounds, view, questions, news, isClosed, silence, since }: Exchanger,
): Promise<Float32Array | null> {
  const round = rounds.begin(vector, weight);
  while (!isClosed()) {
    if (view.isStale && (await view.hasChanged())) return null;
    if (round.isComplete) break;
    const before = performance.now();
    if (await news.wait(questions.witness.isAnyoneAbsent ? LOOK_MS : silence)) continue;
    // This process itself was stopped for a while: it can blame nobody for silence.
    if (performance.now() - before > 2 * silence) questions.witness.reset();
    if (!questions.isConnected || (await areAllThere(round))) continue;
    return null;
  }
  // Whoever has slept, before the exchange or in it, may have been left out meanwhile, and must not apply what it has.
  if (performance.now() - since > silence && (await view.hasChanged())) return null;
  return isClosed() ? null : round.mean;

  /** Asks the members that something is missing of. A view without those that are gone is written. */
  async function areAllThere(lacking: Round): Promise<boolean> {
    const gone = await questions.goneAmong(rounds.missing(lacking, silence), rounds.step);
    if (gone.length === 0 || lacking.isComplete) return true;
    await view.leaveOut(gone);
    return false;
  }
}
