import { isTensor } from '../../tensor/container';
import { withoutTaping } from '../../tensor/extent';
import type { NamedTensorMap } from '../../tensor/gradients';
import { castTo } from '../../tensor/ops/cast';
import { tidy } from '../../tensor/scope';
import type { Scalar, Tensor } from '../../tensor/tensor';
import { constant, type LossOutputs, type OutputsOf } from './loss';

/**
 * Functions that compute metrics from the outputs of the loss function (and from the batch), by name. `M` is the type of their results.
 */
export type Metrics<R, Batch extends unknown[], M extends object> = {
  readonly [K in keyof M]: (outputs: OutputsOf<R>, ...batch: Batch) => M[K];
};

/** What a training step with metrics emits. All tensors in it are constants. */
export interface StepReport<M extends object> {
  /** The loss, computed with the variables before the step. */
  readonly loss: Scalar;
  /** The number of the step that has just been taken, as the optimizer counts: 1, 2, … */
  readonly step: number;
  /** The results of the metrics, by name. */
  readonly metrics: M;
}

/** {@link Metrics} without their exact types. */
export type AnyMetrics = Readonly<Record<string, (outputs: never, batch: never) => Tensor>>;

/** @throws unless all are functions */
export function assertMetrics(name: string, metrics: AnyMetrics): void {
  for (const [key, metric] of Object.entries(metrics)) {
    if (typeof metric !== 'function') {
      throw new Error(`${name}: metric '${key}' is ${typeof metric}; wanted a function`);
    }
  }
}

/** The metrics of a batch: float32 constants, owned by the innermost scope. */
export function measure(
  name: string,
  metrics: AnyMetrics,
  outputs: LossOutputs,
  batch: readonly unknown[],
): NamedTensorMap {
  return withoutTaping(() =>
    Object.fromEntries(
      Object.entries(metrics).map(([key, metric]) => [
        key,
        tidy(name, () => {
          const value: unknown = metric(...([outputs, ...batch] as unknown as [never, never]));
          if (!isTensor(value)) {
            throw new Error(`${name}: metric '${key}' returned ${typeof value}; wanted a tensor`);
          }
          return constant(castTo(value, 'float32'));
        }),
      ]),
    ),
  );
}
