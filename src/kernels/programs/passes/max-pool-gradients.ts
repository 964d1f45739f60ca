import type { WindowGeometry } from '../../convolution';
import type { Operand, Program, Slot, Step } from '../program';
import { keptSlots, readsOfSlots, writersOfSlots } from '../slot-uses';
import { textOf } from './common-steps';

/** Gradients of activations that are dy or 0: they can be taken before or after the sum over windows. */
const masks: ReadonlySet<string> = new Set(['relu', 'relu6']);

/**
 * Makes the gradient of a relu behind that of a max-pool one before it, on the smaller side of the pool: the greatest element of a window is the
 * pool's result, so that the result tells whether the relu let it through. Where a window has several NaNs, only the first keeps its NaN.
 */
export function withMasksBeforePools(program: Program): Program {
  const reads = readsOfSlots(program);
  const writers = writersOfSlots(program);
  const kept = keptSlots(program);
  const slots: Slot[] = [...program.slots];
  const steps: (readonly Step[] | null)[] = program.steps.map((step) => [step]);
  const pools = new Map<string, Operand>();
  const keyOf = (x: Operand, geometry: WindowGeometry): string => `${x.slot} ${textOf(geometry)}`;
  program.steps.forEach((step, position) => {
    if (isStep(step, 'pool') && step.attributes.mode === 'max')
      pools.set(keyOf(step.inputs[0]!, step.attributes.geometry), step.outputs[0]!);
    if (!isStep(step, 'activationGradient') || !masks.has(step.attributes.name)) return;
    const [dy, activated] = step.inputs as [Operand, Operand];
    const writer = writers[dy.slot];
    const gradient = writer === undefined ? undefined : program.steps[writer];
    if (!isStep(gradient, 'maxPoolGradient') || reads[dy.slot] !== 1 || kept.has(dy.slot)) return;
    const [given, x] = gradient.inputs as [Operand, Operand];
    const pooled = pools.get(keyOf(x, gradient.attributes.geometry));
    if (x.slot !== activated.slot || !pooled || slots[activated.slot]!.origin.kind !== 'step') return;
    const masked = {
      slot: slots.push({ ...slots[given.slot]!, origin: { kind: 'step' } }) - 1,
      shape: given.shape,
    };
    steps[writer!] = [
      { ...step, inputs: [given, { slot: pooled.slot, shape: given.shape }], outputs: [masked] },
      {
        ...gradient,
        inputs: [masked, x],
        outputs: [{ slot: step.outputs[0]!.slot, shape: gradient.outputs[0]!.shape }],
      },
    ];
    steps[position] = null;
  });
  return slots.length > program.slots.length
    ? { ...program, slots, steps: steps.flatMap((own) => own ?? []) }
    : program;
}

/** Makes the sum over all pixels of a max-pool's gradient that of what came into it: each value goes to one pixel. Sums have another order. */
export function withSmallSumsOfPools(program: Program): Program {
  const writers = writersOfSlots(program);
  let changes = 0;
  const steps = program.steps.map((step) => {
    if (!isStep(step, 'reduce') || step.attributes.name !== 'sum') return step;
    const x = step.inputs[0]!;
    const writer = writers[x.slot];
    const gradient = writer === undefined ? undefined : program.steps[writer];
    if (!isStep(gradient, 'maxPoolGradient')) return step;
    const { batch, inHeight, inWidth, inChannels, outHeight, outWidth } = gradient.attributes.geometry;
    const { outer, extent, inner } = step.attributes;
    if (outer !== 1 || inner !== inChannels || extent !== batch * inHeight * inWidth) return step;
    changes++;
    return {
      ...step,
      inputs: [gradient.inputs[0]!],
      attributes: { ...step.attributes, extent: batch * outHeight * outWidth },
    };
  });
  return changes > 0 ? { ...program, steps } : program;
}

function isStep<K extends Step['kernel']>(step: Step | undefined, kernel: K): step is Step<K> {
  return step?.kernel === kernel && step.varying === undefined;
}
