import type { Program, Step } from '../program';
import { keptSlots, mayBeReplaced, readsOfSlots, writersOfSlots } from '../slot-uses';

/** Whether a step pads the rows and columns of images with zeros. */
function padsImages(step: Step | undefined): step is Step<'pad'> {
  if (step?.kernel !== 'pad' || step.varying !== undefined) return false;
  const { before, mode, value } = (step as Step<'pad'>).attributes;
  const [from, to] = [step.inputs[0]!.shape, step.outputs[0]!.shape];
  const isSame = (axis: number): boolean => before[axis] === 0 && from[axis] === to[axis];
  return mode === 'constant' && value === 0 && from.length === 4 && isSame(0) && isSame(3);
}

/**
 * Lets a convolution pad images that were padded with zeros before, if no other step reads them. Results may differ in their last bits, since
 * the CPU takes a filter of one pixel over an image without padding for a matrix product. Padding adds nothing, also under a filter of ±∞ or
 * NaN, where zeros give NaN.
 */
export function withPadsInConvolutions(program: Program): Program {
  const reads = readsOfSlots(program);
  const writers = writersOfSlots(program);
  const kept = keptSlots(program);
  const steps: (Step | null)[] = [...program.steps];
  program.steps.forEach((step, i) => {
    if (step.kernel !== 'conv2d' || step.varying !== undefined) return;
    const [x, ...others] = step.inputs;
    const { slot, shape } = x!;
    const writer = writers[slot];
    const pad = writer === undefined ? undefined : (steps[writer] ?? undefined);
    if (!padsImages(pad) || reads[slot] !== 1 || kept.has(slot)) return;
    // It might be read behind a step that writes it in place.
    if (mayBeReplaced(program, pad.inputs[0]!)) return;
    const padded = pad.outputs[0]!.shape;
    if (!shape.every((extent, axis) => extent === padded[axis])) return;
    const conv = step as Step<'conv2d'>;
    const { geometry } = conv.attributes;
    const [, top, left] = pad.attributes.before as [number, number, number];
    const source = pad.inputs[0]!;
    const [, inHeight, inWidth] = source.shape as [number, number, number];
    steps[i] = {
      ...conv,
      inputs: [source, ...others],
      attributes: {
        ...conv.attributes,
        geometry: {
          ...geometry,
          inHeight,
          inWidth,
          padTop: geometry.padTop + top,
          padLeft: geometry.padLeft + left,
        },
      },
    };
    steps[writer!] = null;
  });
  return { ...program, steps: steps.filter((step) => step !== null) };
}
