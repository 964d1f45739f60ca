import type { MonoTypeOperatorFunction } from 'rxjs';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { isPlainObject, isTensor } from '../../tensor/container';
import type { Tensor } from '../../tensor/tensor';
import { trackedEmission, waitFor } from '../../streams/emission';
import { wrongGiven } from '../../streams/checks/arguments';
import { reportUnhandled } from '../../streams/notify';
import { operator } from '../../streams/operator';
import { inOrderFor } from '../../streams/operators/parts/in-order';
import type { LossGradients } from '../../streams/operators/gradients';
import { assertOptimizer } from '../../streams/training/hyperparameters';
import { shareOf } from './contributions';
import { RUN, type DataParallel, type PeersOfRun } from './data-parallel';
import { plainHyperparameters } from './plain-settings';
import { OTHERS } from './shared-steps';
import { tensorsFrom } from './vector';

/** The run of some peers. @throws unless they are what dataParallel gives, for steps that all take together */
export function runOf(name: string, peers: DataParallel): PeersOfRun[typeof RUN] {
  const run = (peers as Partial<PeersOfRun> | undefined)?.[RUN];
  if (!run) throw wrongGiven(name, "argument 'peers'", peers, 'what dataParallel gives');
  if (run.settings.localSteps === 1) return run;
  throw new Error(
    `${name}: the peers take ${run.settings.localSteps} local steps; wanted trainStep with them as 'peers'`,
  );
}

/**
 * The mean of all members' losses and gradients, between {@link gradients} and {@link applyGradients}. Put {@link shard} above `gradients`: it gives
 * this member its part of each batch when the step before has been taken.
 *
 * It is `trainStep` with `peers` in three parts, and less: when members change during a step, the gradients of those that are left count, and the rows of
 * the others are lost for that step (`trainStep` computes the step again). A member that was left out meanwhile emits nothing for that step. A value may have a `weight` beside `loss` and `grads`.
 *
 * ```text
 *  source                   --{l,g}------{m,h}------|     of this member
 *  average(peers, adam)     --------{L,G}------{M,H}|     of all members
 * ```
 *
 * @param optimizer the one of `applyGradients`, whose state a member takes over when it joins
 * @throws (as error notifications) what {@link dataParallel} says; and when gradients come while the step before is not taken, since they would be those of old
 *   variables
 * @example
 * ```ts nats
 * import { connect } from '@nats-io/transport-node';
 * import * as dl from 'rxtensor';
 * import { average, dataParallel, shard } from 'rxtensor/nats';
 * const connection = await connect({ servers: process.env.NATS_URL });
 * const slope = dl.variable(0, true, 'slope');
 * const sgd = dl.train.sgd(0.1);
 * const peers = dataParallel(connection, 'line', { size: 1 });
 * dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] }, { epochs: 20 })
 *   .pipe(
 *     dl.batch(2),
 *     shard(peers),
 *     dl.gradients(({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))),
 *     average(peers, sgd),
 *     dl.applyGradients(sgd),
 *     dl.download(),
 *   )
 *   .subscribe({ next: (loss) => console.log(loss), complete: () => connection.close() });
 * ```
 */
export function average(peers: DataParallel, optimizer: Optimizer): MonoTypeOperatorFunction<LossGradients> {
  const name = 'average';
  const run = runOf(name, peers);
  assertOptimizer(name, optimizer, {});
  return operator<LossGradients, LossGradients>(name, (output) => {
    const member = run.open(optimizer, plainHyperparameters(optimizer));
    const inOrder = inOrderFor(output);
    const { settings, trained, layout } = member;
    return {
      next: (value) => {
        assertLossGradients(name, value);
        if (!inOrder.isIdle())
          throw new Error(
            `${name}: gradients came while the step before was not taken, so they are those of old variables; wanted shard(peers) above ` +
              'gradients, which waits for each step',
          );
        const held = output.hold(value);
        const { step } = member;
        const weight = member.weightOf(step);
        const worked = member.workOn(step);
        // The reads are of this moment; from then on the statistics are those of the run again, until the step is taken.
        const reading = shareOf({ ...held.value, metrics: {} }, trained, settings.statistics, weight).finally(
          held.release,
        );
        reading.catch(() => undefined);
        member.restoreStatistics();
        let finished: Promise<void> | null = null;
        const turn = inOrder.add(async () => {
          const share = await reading;
          let mean: Float32Array | null = null;
          while (!mean && output.isOpen()) {
            // The others have taken the step without this member: its gradients are those of old variables.
            if ((await member.ready(step)) === 'skip') return;
            mean = await member.average(share.vector, share.weight, worked);
          }
          if (!mean || !output.isOpen()) return;
          const values = mean;
          finished = trackedEmission(name, () =>
            output.emit(() => {
              const tensors = tensorsFrom(values, [...layout.segments, ...share.extras.segments]);
              settings.statistics.forEach((each, i) => each.assign(tensors[trained.length + i]!));
              const grads = Object.fromEntries(trained.map((each, i) => [each.name, tensors[i]!]));
              return { loss: tensors.at(-1) as LossGradients['loss'], grads };
            }, held.trail),
          );
          member.advance();
        });
        waitFor(
          OTHERS,
          turn.then(() => finished),
        );
      },
      complete: () => {
        void inOrder.add(async () => {
          await member.catchUp();
          await member.finish();
          output.complete();
        });
      },
      teardown: () => {
        member.close().catch(reportUnhandled);
      },
    };
  });
}

function assertLossGradients(name: string, value: unknown): asserts value is { loss: Tensor } {
  if (isPlainObject(value) && isTensor(value.loss) && isPlainObject(value.grads)) return;
  throw new Error(
    `${name}: the value is ${isTensor(value) ? 'a tensor' : typeof value}; wanted {loss, grads}, as gradients() emits`,
  );
}
