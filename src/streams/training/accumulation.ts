import type { NamedTensorMap } from '../../tensor/gradients';
import { add, div } from '../../tensor/ops/arithmetic';
import { getOwn } from '../../tensor/own-property';
import type { Tensor } from '../../tensor/tensor';
import { hold, type Held } from '../held';
import { mapNamed } from './named-tensors';

/** What one batch gives to a step: constants of float32. */
export interface Contribution {
  readonly loss: Tensor;
  readonly grads: NamedTensorMap;
  readonly metrics: NamedTensorMap;
}

/** The sum of the contributions of several batches, which it owns between their emissions. */
export class Accumulation {
  private held: Held<Contribution> | null = null;
  private count = 0;

  /**
   * @param name for messages
   * @param size of how many batches the mean is taken
   */
  constructor(
    private readonly name: string,
    private readonly size: number,
  ) {}

  /** Whether batches wait for a step. */
  get isPartial(): boolean {
    return this.count > 0;
  }

  /** Takes a batch; gives the mean once there are enough of them, owned by the innermost scope, and begins anew. */
  add(batch: Contribution): Contribution | null {
    const before = this.held?.handOver();
    const sum = before ? sumOf(before, batch) : batch;
    this.held = null;
    this.count++;
    if (this.count === this.size) return this.meanOf(sum);
    this.held = hold(this.name, sum, 'cut off');
    return null;
  }

  /** The mean of the batches that wait, by their true count. */
  takeRest(): Contribution {
    const sum = this.held!.handOver();
    this.held = null;
    return this.meanOf(sum);
  }

  release(): void {
    this.held?.release();
  }

  private meanOf(sum: Contribution): Contribution {
    const { count } = this;
    this.count = 0;
    if (count === 1) return sum;
    const mean = (each: Tensor): Tensor => div(each, count);
    return {
      loss: mean(sum.loss),
      grads: mapNamed(sum.grads, mean),
      metrics: mapNamed(sum.metrics, mean),
    };
  }
}

function sumOf(a: Contribution, b: Contribution): Contribution {
  return {
    loss: add(a.loss, b.loss),
    grads: sumByName(a.grads, b.grads),
    metrics: sumByName(a.metrics, b.metrics),
  };
}

/** A name that only one has counts as zero in the other: a batch need not touch every variable. */
function sumByName(a: NamedTensorMap, b: NamedTensorMap): NamedTensorMap {
  const sums = mapNamed(b, (each, name) => {
    const before = getOwn(a, name);
    return before ? add(before, each) : each;
  });
  return { ...a, ...sums };
}
