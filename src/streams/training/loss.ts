import { isPlainObject, isTensor } from '../../tensor/container';
import { detached, handOver } from '../../tensor/detached';
import { assertLoss, lossGradients, type NamedTensorMap } from '../../tensor/gradients';
import type { Tensor } from '../../tensor/tensor';
import type { Variable } from '../../tensor/variable';
import { wrongGiven } from '../checks/arguments';
import type { OptionNames } from '../../tensor/options';

/** A loss, and whatever else was computed on the way to it. */
export interface LossOutputs {
  /** A scalar that is on the tape. */
  readonly loss: Tensor;
  /**
   * What the loss was divided by: the number of examples, or the sum of their weights where some are masked. Only `trainStep` with `peers` uses
   * it, to average the losses and gradients of unequal parts of a batch.
   */
  readonly weight?: Tensor | number;
}

/** The result of a loss function: the loss alone, or the loss among other outputs. */
export type LossResult = Tensor | LossOutputs;

/** The outputs of a loss function whose result is `R`. */
export type OutputsOf<R> = R extends Tensor ? { readonly loss: R } : R;

/** Which variables a loss is differentiated with respect to, and whether the tape is kept. */
export interface GradientsOptions {
  /** The variables to differentiate with respect to. By default, all trainable variables that the loss depends on. */
  readonly variables?: Variable[];
  /** Keeps the tape, so that another step below can use it too. */
  readonly retainTape?: boolean;
}

export const gradientsOptions: OptionNames<GradientsOptions> = { variables: 1, retainTape: 1 };

/**
 * The two forms of an operator that trains: with a loss function, or without one.
 *
 * @throws when an argument is neither a function nor options
 */
export function lossAndOptions<O extends object>(
  name: string,
  lossOrOptions: ((batch: unknown) => LossResult) | O | undefined,
  maybeOptions: O | undefined,
): [loss: ((batch: unknown) => LossResult) | null, options: O] {
  const hasLoss = typeof lossOrOptions === 'function';
  const options: unknown = (hasLoss ? maybeOptions : lossOrOptions) ?? {};
  if (typeof options === 'object' && !isTensor(options))
    return [hasLoss ? lossOrOptions : null, options as O];
  throw hasLoss
    ? wrongGiven(name, "argument 'options'", options, 'an object')
    : wrongGiven(name, "argument 'loss'", options, 'a function of a batch, or options');
}

/** The outputs of a loss function. @throws unless the loss is a scalar on the tape */
export function outputsOf(name: string, result: unknown): LossOutputs {
  const outputs: { readonly loss?: unknown } =
    isPlainObject(result) && 'loss' in result ? result : { loss: result };
  assertLoss(name, outputs.loss);
  assertOnTape(name, outputs.loss);
  return outputs as LossOutputs;
}

function assertOnTape(name: string, loss: Tensor): void {
  if (loss.edge !== null) return;
  throw new Error(
    `${name}: the loss is a constant: it was not computed from a trainable variable by taped operations; wanted a loss computed in the ` +
      'same emission, in mapTensor, in the loss function, or by stock operators below a source or operator of this library ' +
      '(put scoped() after a stock source). What another trainStep emits, and what predict computes, is a constant',
  );
}

/** Computes the gradients of a loss for one step, by the names of the variables. The innermost scope owns them. */
export function stepGradients(name: string, loss: Tensor, options: GradientsOptions): NamedTensorMap {
  const { variables, retainTape = false } = options;
  return lossGradients(name, loss, variables, { differentiable: false, consume: !retainTape });
}

/** Makes a constant with the values of a tensor. The innermost scope owns it. */
export function constant<T extends Tensor>(tensor: T): T {
  const handle = detached(tensor);
  handOver(handle);
  return handle;
}
