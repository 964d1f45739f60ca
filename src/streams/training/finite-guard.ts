import { all } from '../../tensor/ops/reduction';
import { logicalAnd } from '../../tensor/ops/arithmetic';
import { stack } from '../../tensor/ops/slice';
import { isFinite } from '../../tensor/ops/unary';
import { tidy } from '../../tensor/scope';
import type { Tensor } from '../../tensor/tensor';
import { waitUntil } from '../emission';
import type { Held } from '../ownership/held-values';
import { inOrderFor } from '../operators/parts/in-order';
import type { Output } from '../operator';
import type { Contribution } from './accumulation';

/** Decides on the device whether a step is taken. A guard that stops also reports the first step that was not taken. */
export interface FiniteGuard {
  /** Whether the step may change the variables: a bool scalar, owned by the innermost scope. */
  readonly check: (mean: Contribution) => Tensor;
  /** Call this when the step has been submitted. */
  readonly watch: (step: number) => void;
  /** Runs `work` when all steps so far are known to be finite. A guard that reads nothing runs it at once. */
  readonly afterwards: (work: () => void) => void;
  readonly release: () => void;
}

/** Skips every step whose loss or gradients are not finite. It reads nothing from the device. */
export function skippingGuard(): FiniteGuard {
  return {
    check: isFiniteStep,
    watch: () => undefined,
    afterwards: (work) => work(),
    release: () => undefined,
  };
}

/**
 * Skips the first step whose loss or gradients are not finite, and all steps after it. The device keeps a flag that says whether this has
 * happened. The flag is read asynchronously, and training does not wait for it.
 */
export function stoppingGuard(name: string, output: Output<never>): FiniteGuard {
  let good: Held<Tensor> | null = null;
  const inOrder = inOrderFor(output);
  return {
    check: (mean) => {
      const now = isFiniteStep(mean);
      const before = good?.handOver();
      const both = before ? logicalAnd(before, now) : now;
      good = output.hold(both, 'cut off');
      return both;
    },
    watch: (step) => {
      const reading = good!.value.data();
      // A failure is handled in its turn, after the reads before it.
      reading.catch(() => undefined);
      const seen = inOrder.add(async () => {
        const [isGood] = await reading;
        if (isGood) return;
        throw new Error(
          `${name}: the loss or a gradient of step ${step} is not finite; the variables are as they were before that step. ` +
            "Lower the learning rate, give clipNorm, or leave such steps out with onNaN: 'skip'",
        );
      });
      waitUntil(seen);
    },
    afterwards: (work) => void inOrder.add(work),
    release: () => good?.release(),
  };
}

function isFiniteStep({ loss, grads }: Contribution): Tensor {
  return tidy('onNaN', () => all(stack([loss, ...Object.values(grads)].map((each) => all(isFinite(each))))));
}
