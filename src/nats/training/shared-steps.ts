import { tidy } from '../../tensor/scope';
import { RememberedVariables } from '../../streams/ownership/remembered-variables';
import { trackedEmission, waitFor, type Waiter } from '../../streams/emission';
import { reportUnhandled } from '../../streams/notify';
import { NOTHING, type Output } from '../../streams/operator';
import { inOrderFor } from '../../streams/operators/parts/in-order';
import type { Held } from '../../streams/ownership/held-values';
import type { Contribution } from '../../streams/training/accumulation';
import type { SharedStep, SharedSteps } from '../../streams/training/peers';
import { shareOf, watchUntrained, type Share } from './contributions';
import { withRandomOf } from './member-random';
import { partOf, rowsIn, rowsOf } from './part-of-batch';
import type { RunMember } from './run-member';
import { tensorsFrom } from './vector';

/** Why a source waits. */
export const OTHERS: Waiter = {
  by: 'dataParallel',
  cure: 'fewer members have joined than the option size says, or the server cannot be reached',
};

/** What was emitted: the promise resolves, or is null, when the emission is finished. */
interface Emitted {
  readonly finished: Promise<void> | null;
}

/** Makes the steps of `trainStep` steps of all members. */
export function sharedSteps(
  name: string,
  output: Output<unknown>,
  parts: SharedStep,
  member: RunMember,
): SharedSteps {
  const inOrder = inOrderFor(output);
  /** A run that is resumed may begin in the middle of a round. */
  const first = parts.optimizer.iterations;
  let received = first;

  /** Computes this member's part. Null when that failed, or nobody is subscribed any more. */
  const contribute = (
    batch: Held<unknown>,
    step: number,
  ): { made: Held<Contribution>; weight: number } | null => {
    let made: Held<Contribution> | null = null;
    let weight = 1;
    parts.emit(() => {
      const { members, rank } = member;
      const lent = batch.lend();
      let own = lent;
      if (member.settings.batches === 'shared') {
        const rows = rowsOf(rowsIn(name, lent), members.length, rank);
        weight = rows.to - rows.from;
        // A member for which no row is left computes one whose weight is 0: so it knows the shapes of the loss and the metrics.
        own = partOf(lent, weight === 0 ? { from: 0, to: 1 } : rows);
      }
      const assertUnchanged = watchUntrained(member.settings.statistics);
      const contribution = withRandomOf(member.settings.seed, step, rank, () => parts.contribution(own));
      assertUnchanged();
      made = output.hold(contribution, 'cut off');
      return NOTHING;
    }, batch.trail);
    return made && output.isOpen() ? { made, weight } : null;
  };

  /**
   * Computes and reads this member's part. The statistics have the run's values again then, until the step is taken: the state may be handed to others
   * before, or the part be computed again.
   */
  const read = (batch: Held<unknown>, step: number): Promise<Share> | null => {
    const { trained, settings } = member;
    const before = RememberedVariables.of(settings.statistics);
    try {
      const contribution = contribute(batch, step);
      if (!contribution) return null;
      const { made, weight } = contribution;
      return shareOf(made.value, trained, settings.statistics, weight).finally(made.release);
    } finally {
      before.restore();
      before.release();
    }
  };

  /** Takes the step with a mean of all members, and emits. Resolves, or is null, when the emission is finished. */
  const take = (batch: Held<unknown>, mean: Float32Array, { extras }: Share): Promise<void> | null =>
    trackedEmission(name, () =>
      parts.emit(() => {
        const { segments } = member.layout;
        const tensors = tensorsFrom(mean, [...segments, ...extras.segments]);
        const { trained } = member;
        member.settings.statistics.forEach((each, i) => each.assign(tensors[trained.length + i]!));
        const [loss, ...metrics] = tensors.slice(segments.length);
        return parts.step({
          loss: loss!,
          grads: Object.fromEntries(trained.map((each, i) => [each.name, tensors[i]!])),
          metrics: Object.fromEntries(extras.names.map((each, i) => [each, metrics[i]!])),
        });
      }, batch.trail),
    );

  /** A step of all members. */
  const together = async (batch: Held<unknown>, step: number): Promise<Emitted | null> => {
    while (output.isOpen()) {
      if ((await member.ready(step, batch.value)) === 'skip') return null;
      const began = performance.now();
      const reading = read(batch, step);
      if (!reading) return null;
      const share = await reading;
      const worked = performance.now() - began;
      const mean = await member.average(share.vector, share.weight, worked);
      if (!output.isOpen()) return null;
      if (!mean) continue;
      const finished = take(batch, mean, share);
      member.advance();
      return { finished };
    }
    return null;
  };

  /** The longest step of this member alone, in ms. */
  let longest = 0;

  /** Ends a round of local steps: an outer step of all members. */
  const endRound = async (round: number): Promise<void> => {
    const outer = member.outer!;
    const { trained, settings } = member;
    do {
      let reading: Promise<Share>;
      const isOut = member.sitsOut(round);
      tidy(() => {
        const differences = outer.differences();
        const grads = Object.fromEntries(trained.map(({ name: each }, i) => [each, differences[i]!]));
        const loss = differences[0]!.sum();
        reading = shareOf({ loss, grads, metrics: {} }, trained, settings.statistics, isOut ? 0 : 1);
      });
      const { vector, weight } = await reading!;
      const mean = await member.average(isOut ? vector.fill(0) : vector, weight, longest);
      if (!output.isOpen()) return;
      if (!mean) continue;
      tidy(() => {
        const tensors = tensorsFrom(mean, member.layout.segments);
        outer.step(tensors.slice(0, trained.length));
        settings.statistics.forEach((each, i) => each.assign(tensors[trained.length + i]!));
      });
      member.advance();
      return;
    } while ((await member.ready(round)) === 'go');
  };

  /** A step of this member alone; the last of a round is followed by an outer step of all. */
  const alone = async (batch: Held<unknown>, step: number): Promise<Emitted | null> => {
    const { localSteps } = member.settings;
    const round = Math.floor(step / localSteps);
    if (!member.isInRound(round)) {
      if ((step % localSteps !== 0 && step !== first) || (await member.ready(round, batch.value)) === 'skip')
        return null;
      member.enter(round);
    }
    let finished: Promise<void> | null = null;
    if (!member.sitsOut(round)) {
      const began = performance.now();
      const contribution = contribute(batch, step);
      if (!contribution) return null;
      const { made } = contribution;
      longest = Math.max(longest, performance.now() - began);
      finished = trackedEmission(name, () => parts.emit(() => parts.step(made.handOver()), batch.trail));
    }
    if ((step + 1) % localSteps === 0 && output.isOpen()) await endRound(round);
    return { finished };
  };

  const stepOf = member.settings.localSteps === 1 ? together : alone;
  return {
    next: (value) => {
      const batch = output.hold(value);
      const step = received++;
      let finished: Promise<void> | null = null;
      const turn = inOrder.add(async () => {
        try {
          finished = (await stepOf(batch, step))?.finished ?? null;
        } finally {
          batch.release();
        }
      });
      waitFor(
        OTHERS,
        turn.then(() => finished),
      );
    },
    afterwards: (work, isComplete) => {
      void inOrder.add(async () => {
        const round = Math.floor(received / member.settings.localSteps);
        // The data end in the middle of a round: what the members have done since its beginning counts too.
        if (member.outer && received % member.settings.localSteps !== 0 && member.isInRound(round))
          await endRound(round);
        if (isComplete) await member.catchUp();
        await member.finish();
        if (output.isOpen()) work();
      });
    },
    leave: () => {
      member.close().catch(reportUnhandled);
    },
  };
}
