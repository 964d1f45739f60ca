import type { MonoTypeOperatorFunction } from 'rxjs';
import { trackedEmission, waitFor } from '../../streams/emission';
import { operator } from '../../streams/operator';
import { inOrderFor } from '../../streams/operators/parts/in-order';
import { runOf } from './average';
import type { DataParallel } from './data-parallel';
import { partOf, rowsIn, rowsOf } from './part-of-batch';
import { OTHERS } from './shared-steps';

/**
 * This member's part of each batch: contiguous rows, as many for each member as possible, of the members that there are when the step begins. It waits
 * until the step before has been taken, whatever `inFlight` is, and leaves out batches that the run is past. Only for use above {@link average}:
 * `trainStep` with `peers` takes its part of a batch itself, since it must take another part of the same batch when members change during a step.
 *
 * ```text
 *  source         --[a b c d]--[e f g h]--|
 *  shard(peers)   --[a b]------[e f]------|     the first of two members
 * ```
 *
 * @throws (as error notifications) when a batch has no tensors, or tensors with different numbers of rows; and when no {@link average} is below
 * @example
 * ```ts nats
 * import { connect } from '@nats-io/transport-node';
 * import * as dl from 'rxtensor';
 * import { average, dataParallel, shard } from 'rxtensor/nats';
 * const connection = await connect({ servers: process.env.NATS_URL });
 * const slope = dl.variable(0, true, 'slope');
 * const sgd = dl.train.sgd(0.1);
 * const peers = dataParallel(connection, 'line', { size: 1 });
 * dl.examples([1, 2, 3, 4])
 *   .pipe(
 *     dl.batch(2),
 *     shard(peers),
 *     dl.gradients((x) => dl.losses.meanSquaredError(x.mul(2), slope.mul(x))),
 *     average(peers, sgd),
 *     dl.applyGradients(sgd),
 *   )
 *   .subscribe({ complete: () => connection.close() });
 * ```
 */
export function shard<T>(peers: DataParallel): MonoTypeOperatorFunction<T> {
  const name = 'shard';
  const run = runOf(name, peers);
  return operator<T, T>(name, (output) => {
    const inOrder = inOrderFor(output);
    let received: number | null = null;
    return {
      next: (value) => {
        const held = output.hold(value);
        const member = run.member();
        if (!member)
          throw new Error(
            `${name}: no average() of these peers is subscribed to; wanted shard(peers) above average(peers, optimizer)`,
          );
        received ??= member.step;
        const step = received++;
        let finished: Promise<void> | null = null;
        const turn = inOrder.add(async () => {
          try {
            if ((await member.ready(step, held.value)) === 'skip' || !output.isOpen()) return;
            member.rememberStatistics();
            finished = trackedEmission(name, () =>
              output.emit(() => {
                const lent = held.lend();
                if (run.settings.batches === 'own') return lent;
                const rows = rowsOf(rowsIn(name, lent), member.members.length, member.rank);
                member.noteWeight(step, rows.to - rows.from);
                return partOf(lent, rows.to === rows.from ? { from: 0, to: 1 } : rows);
              }, held.trail),
            );
          } finally {
            held.release();
          }
          await member.taken(step);
        });
        waitFor(
          OTHERS,
          turn.then(() => finished),
        );
      },
      complete: () => void inOrder.add(output.complete),
    };
  });
}
