import type { NamedTensorMap } from '../../tensor/gradients';
import { add, div } from '../../tensor/ops/arithmetic';
import { getOwn } from '../../tensor/own-property';
import type { Tensor } from '../../tensor/tensor';
import type { Held } from '../ownership/held-values';
import type { Output } from '../operator';
import { mapNamed } from './named-tensors';

/** The loss, gradients and metrics of one batch: float32 constants. */
export interface Contribution {
  readonly loss: Tensor;
  readonly grads: NamedTensorMap;
  readonly metrics: NamedTensorMap;
  /** The weight that the loss function gave, for a mean over several members of a run. */
  readonly weight?: Tensor | number;
}

/**
 * Sums the contributions of several batches. It owns the sum between their emissions. It sums blocks of batches separately, so that the
 * rounding errors of N batches are as small as those of a chain of 2√N additions instead of N (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 4.2).
 */
export class Accumulation {
  readonly #blockSize: number;
  /** The sum of the full blocks. */
  #blocks: Held<Contribution> | null = null;
  /** The sum of the batches after the last full block. */
  #block: Held<Contribution> | null = null;
  #count = 0;

  /**
   * @param output the output of the operator that holds the sum
   * @param size how many batches make a step
   */
  constructor(
    private readonly output: Output<never>,
    private readonly size: number,
  ) {
    this.#blockSize = Math.ceil(Math.sqrt(size));
  }

  /** Whether some batches have been added that no step has used yet. */
  get isPartial(): boolean {
    return this.#count > 0;
  }

  /** Adds a batch. If this completes a step, returns the mean, owned by the innermost scope, and starts over. Otherwise returns null. */
  add(batch: Contribution): Contribution | null {
    const block = sumOf(this.#block, batch);
    this.#block = null;
    this.#count++;
    if (this.#count === this.size) return this.#meanWith(block);
    if (this.#count % this.#blockSize === 0) this.#blocks = this.#held(sumOf(this.#blocks, block));
    else this.#block = this.#held(block);
    return null;
  }

  /** Returns the mean of the batches that no step has used yet, even if a step needs more. */
  takeRest(): Contribution {
    const block = this.#block?.handOver();
    this.#block = null;
    return this.#meanWith(block);
  }

  release(): void {
    this.#blocks?.release();
    this.#block?.release();
  }

  #held(sum: Contribution): Held<Contribution> {
    return this.output.hold(sum, 'cut off');
  }

  /** @param block left out if all blocks are full */
  #meanWith(block?: Contribution): Contribution {
    const count = this.#count;
    const blocks = this.#blocks;
    const sum = block ? sumOf(blocks, block) : blocks!.handOver();
    this.#blocks = null;
    this.#count = 0;
    if (count === 1) return sum;
    const mean = (each: Tensor): Tensor => div(each, count);
    return {
      loss: mean(sum.loss),
      grads: mapNamed(sum.grads, mean),
      metrics: mapNamed(sum.metrics, mean),
    };
  }
}

function sumOf(before: Held<Contribution> | null, b: Contribution): Contribution {
  const a = before?.handOver();
  if (!a) return b;
  return {
    loss: add(a.loss, b.loss),
    grads: sumByName(a.grads, b.grads),
    metrics: sumByName(a.metrics, b.metrics),
  };
}

/** Adds tensors of the same name. A missing name counts as zero, because a batch need not use every variable. */
function sumByName(a: NamedTensorMap, b: NamedTensorMap): NamedTensorMap {
  const sums = mapNamed(b, (each, name) => {
    const before = getOwn(a, name);
    return before ? add(before, each) : each;
  });
  return { ...a, ...sums };
}
