import type { Program, Step } from '../program';
import { keptSlots, readsOfSlots, writersOfSlots } from '../slot-uses';

/** Activations that a product applies as it stores: they only clamp, so that it does not matter whether they see a sum before or after rounding. */
const clamps: ReadonlySet<string> = new Set(['relu', 'relu6']);

type Product = Step<'matMul' | 'conv2d'>;

function isLinearProduct(step: Step | undefined): step is Product {
  return (
    (step?.kernel === 'matMul' || step?.kernel === 'conv2d') &&
    step.varying === undefined &&
    (step as Product).attributes.activation === 'linear'
  );
}

/** Lets matrix products and convolutions apply a relu or relu6 that is the only step to read their result. */
export function withActivationsInProducts(program: Program): Program {
  const reads = readsOfSlots(program);
  const writers = writersOfSlots(program);
  const kept = keptSlots(program);
  // A step that writes a captured tensor's new value may be given its place, which a product cannot write while it reads.
  const updated = new Set(program.updates.map(({ slot }) => slot));
  const steps: (Step | null)[] = [...program.steps];
  program.steps.forEach((step, i) => {
    if (step.kernel !== 'unary' || step.varying !== undefined) return;
    const { name } = (step as Step<'unary'>).attributes;
    const { slot } = step.inputs[0]!;
    const writer = writers[slot];
    if (!clamps.has(name) || writer === undefined || reads[slot] !== 1 || kept.has(slot)) return;
    const product = steps[writer] ?? undefined;
    if (updated.has(step.outputs[0]!.slot)) return;
    if (!isLinearProduct(product) || program.slots[slot]!.dtype !== 'float32') return;
    const { shape } = product.outputs[0]!;
    steps[writer] = {
      ...product,
      attributes: { ...product.attributes, activation: name },
      outputs: [{ slot: step.outputs[0]!.slot, shape }],
    };
    steps[i] = null;
  });
  return { ...program, steps: steps.filter((step) => step !== null) };
}
