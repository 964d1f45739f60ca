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

/**
 * Watches over steps that the device leaves out: see {@link mayStep}. A guard that stops leaves out all steps after the first, and reports
 * that one.
 */
export interface FiniteGuard {
  /** Whether all steps so far may change the variables: a bool scalar, owned by the innermost scope; null where that has no effect on the next. */
  readonly before: () => Tensor | null;
  /** Call this when the step has been submitted, with its {@link mayStep}. */
  readonly watch: (step: number, good: Tensor) => void;
  /** Runs `work` when all steps so far are known to be finite. A guard that reads nothing runs it at once. */
  readonly afterwards: (work: () => void) => void;
  readonly release: () => void;
}

/** Skips every step whose loss or gradients are not finite. It reads nothing from the device. */
export function skippingGuard(): FiniteGuard {
  return {
    before: () => null,
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
    before: () => good?.handOver() ?? null,
    watch: (step, both) => {
      good = output.hold(both, 'cut off');
      const reading = both.data();
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

/**
 * Whether a step may change the variables, as a bool scalar: its loss and gradients are finite, and so were those `before`, if given.
 */
export function mayStep({ loss, grads }: Contribution, before: Tensor | null): Tensor {
  return tidy('onNaN', () => {
    const now = all(stack([loss, ...Object.values(grads)].map((each) => all(isFinite(each)))));
    return before ? logicalAnd(before, now) : now;
  });
}
