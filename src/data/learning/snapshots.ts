import type { OperatorFunction } from 'rxjs';
import { assertOptions } from '../../tensor/options';
import type { Variable } from '../../tensor/variable';
import { assertVariables } from '../../streams/checkpoints/named-variables';
import { wrongGiven } from '../../streams/checks/arguments';
import { trailNow } from '../../streams/emission';
import { operator } from '../../streams/operator';
import type { ModelVersion } from '../../streams/operators/predict';
import { parameters, RememberedVariables } from '../../streams/ownership/remembered-variables';

/** When {@link snapshots} takes one. */
export interface SnapshotsOptions<T> {
  /** The number of a value that tells how good the model is; null where it tells nothing. When left out, the value itself. */
  readonly of?: (value: T) => number | null;
  /** Whether smaller numbers are better ('min', when left out: a loss), or greater ones. */
  readonly mode?: 'min' | 'max';
  /** A number has to be better by more than this; 0 when left out. */
  readonly minDelta?: number;
  /** The fraction of the distance to a worse number by which the best one moves there with each value, so that after a drift there are improvements
   * again; 0 when left out: never. */
  readonly forget?: number;
  /** The variables of the model; all when left out. */
  readonly variables?: readonly Variable[];
}

/** A model with the variables of one moment. Training goes on without it. */
export interface ModelSnapshot<A, R> extends ModelVersion<A, R> {
  /** How good it was. */
  readonly score: number;
}

/**
 * Emits a snapshot of a model whenever a number has improved: for `predict`, which then answers with the best model while training goes on. No
 * numbers are copied: a variable that changes gets new storage while a snapshot has the old.
 *
 * ```text
 *  losses              --5----3----4----2--
 *  snapshots(model)    --m5---m3--------m2-
 * ```
 *
 * A snapshot lives until the next one, or the end of the subscription, and as long as whoever has taken hold of it, as `predict` does, keeps it. Below
 * {@link validate} it has the variables that were measured; elsewhere those of when the number arrives.
 *
 * @param model applies the model, whose variables training changes
 * @throws (as error notification) for a value without a number
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { snapshots } from 'rxtensor/data';
 * const slope = dl.variable(0);
 * const best = dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] }, { epochs: 5 }).pipe(
 *   dl.batch(4),
 *   dl.trainStep(dl.train.sgd(0.05), ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))),
 *   dl.download(),
 *   snapshots((x: dl.Tensor) => slope.mul(x), { variables: [slope] }),
 * );
 * dl.examples([10, 20])
 *   .pipe(dl.batch(1), dl.predict(best), dl.download())
 *   .subscribe({ next: (y) => console.log(y), complete: () => dl.dispose(slope) });
 * ```
 */
export function snapshots<T, A, R>(
  model: (value: A) => R,
  options: SnapshotsOptions<T> = {},
): OperatorFunction<T, ModelSnapshot<A, R>> {
  const name = 'snapshots';
  if (typeof model !== 'function') throw wrongGiven(name, "argument 'model'", model, 'a function');
  assertOptions<SnapshotsOptions<T>>(name, options, { of: 1, mode: 1, minDelta: 1, forget: 1, variables: 1 });
  const { of = (value: T) => value as number, mode = 'min', minDelta = 0, forget = 0, variables } = options;
  if (typeof of !== 'function') throw wrongGiven(name, "option 'of'", of, 'a function that gives a number');
  if (mode !== 'min' && mode !== 'max') throw wrongGiven(name, "option 'mode'", mode, "'min' or 'max'");
  if (!(minDelta >= 0)) throw wrongGiven(name, "option 'minDelta'", minDelta, 'a number, not negative');
  if (!(forget >= 0 && forget < 1))
    throw wrongGiven(name, "option 'forget'", forget, 'a number from 0, below 1');
  assertVariables(name, variables);
  const sign = mode === 'min' ? 1 : -1;
  return operator<T, ModelSnapshot<A, R>>(name, (output) => {
    let best = Infinity;
    let letGo = (): void => undefined;
    return {
      next: (value) => {
        const number: unknown = of(value);
        if (number === null) return;
        if (typeof number !== 'number')
          throw new Error(
            `${name}: the value has ${typeof number} to judge by; wanted a number, or the option 'of'`,
          );
        const now = sign * number;
        if (!(now < best - minDelta)) {
          if (forget > 0 && now > best && now < Infinity) best += forget * (now - best);
          return;
        }
        best = now;
        const remembered = trailNow().measured?.copy() ?? RememberedVariables.of(variables ?? parameters());
        const snapshot = snapshotOf(model, remembered, number);
        const before = letGo;
        letGo = snapshot.hold();
        output.emit(() => snapshot);
        before();
      },
      teardown: () => letGo(),
    };
  });
}

function snapshotOf<A, R>(
  model: (value: A) => R,
  remembered: RememberedVariables,
  score: number,
): ModelSnapshot<A, R> & { readonly hold: () => () => void } {
  let holders = 0;
  return {
    score,
    predict: (value) => {
      if (holders === 0)
        throw new Error(
          'snapshots: this snapshot has been given back; wanted hold(), while it lives, to keep it longer',
        );
      return remembered.during(() => model(value));
    },
    hold: () => {
      holders++;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        if (--holders === 0) remembered.release();
      };
    },
  };
}
