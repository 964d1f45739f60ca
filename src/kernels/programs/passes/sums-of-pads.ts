import { sameShape, sizeOf } from '../../strides';
import type { Operand, Program, Slot, Step } from '../program';
import { keptSlots, mayBeReplaced, readsOfSlots, writersOfSlots } from '../slot-uses';

/** A part of a sum: values along one axis, from `begin` to `end`, among zeros. */
interface Piece {
  readonly source: Operand;
  readonly begin: number;
  readonly end: number;
}

/** What a pad with zeros along one axis adds to a sum; null for another step. */
function pieceOf({ attributes, inputs, outputs }: Step<'pad'>, axis: number): Piece | null {
  const { before, mode, value } = attributes;
  const [source, { shape }] = [inputs[0]!, outputs[0]!];
  const isSame = (extent: number, i: number): boolean =>
    i === axis || (before[i] === 0 && extent === shape[i]);
  if (mode !== 'constant' || !Object.is(value, 0) || !source.shape.every(isSame)) return null;
  return { source, begin: before[axis]!, end: before[axis]! + source.shape[axis]! };
}

/** The pieces in the order of their places; null if they leave a gap, or lie over each other. */
function inARow(pieces: readonly Piece[], extent: number): readonly Piece[] | null {
  const sorted = [...pieces].sort((a, b) => a.begin - b.begin);
  const meet = sorted.every(({ begin }, i) => begin === (i === 0 ? 0 : sorted[i - 1]!.end));
  const end = sorted.map((piece) => piece.end).pop();
  return meet && end === extent ? sorted : null;
}

/**
 * Takes a sum of pieces, each padded with zeros to the whole, for what it is: their concatenation. So backpropagation adds up the gradients of
 * a split's parts. To each piece 0 is added, as the sum does: −0 becomes 0. Elementwise steps take that along.
 */
export function withoutSumsOfPads(program: Program): Program {
  const reads = readsOfSlots(program);
  const writers = writersOfSlots(program);
  const kept = keptSlots(program);
  const slots: Slot[] = [...program.slots];
  const steps: (Step | readonly Step[] | null)[] = [...program.steps];

  /** The pads of a sum, by their positions, behind the additions that make it; null if something else is in it. */
  const padsIn = (position: number, additions: number[]): number[] | null => {
    additions.push(position);
    const found: number[] = [];
    for (const { slot } of program.steps[position]!.inputs) {
      const writer = writers[slot];
      if (writer === undefined || reads[slot] !== 1 || kept.has(slot)) return null;
      const { kernel } = program.steps[writer]!;
      const own =
        kernel === 'pad' ? [writer] : isAddition(program.steps[writer]!) ? padsIn(writer, additions) : null;
      if (!own) return null;
      found.push(...own);
    }
    return found;
  };

  const isTaken = (position: number): boolean => steps[position] === null;
  for (let position = program.steps.length - 1; position >= 0; position--) {
    const step = program.steps[position]!;
    if (isTaken(position) || !isAddition(step)) continue;
    const [output] = step.outputs as [Operand];
    if (slots[output.slot]!.dtype !== 'float32') continue;
    const additions: number[] = [];
    const positions = padsIn(position, additions) ?? [];
    const pads = positions.map((each) => program.steps[each] as Step<'pad'>);
    if (pads.length === 0 || !pads.every((pad) => !mayBeReplaced(program, pad.inputs[0]!))) continue;
    const axis = pads[0]!.outputs[0]!.shape.findIndex((extent, i) => extent !== pads[0]!.inputs[0]!.shape[i]);
    const pieces = pads.flatMap((pad) => pieceOf(pad, axis) ?? []);
    const { shape } = pads[0]!.outputs[0]!;
    const isWhole = pads.every(({ outputs }) => sameShape(outputs[0]!.shape, shape));
    if (!isWhole || sizeOf(shape) !== slots[output.slot]!.size) continue;
    const row = axis >= 0 && pieces.length === pads.length ? inARow(pieces, shape[axis]!) : null;
    if (!row) continue;
    const { op } = step;
    const zero =
      slots.push({ dtype: 'float32', size: 1, origin: { kind: 'constant', values: Float32Array.of(0) } }) - 1;
    const parts = row.map(({ source }): Step<'binary'> => {
      const { size } = slots[source.slot]!;
      const slot = slots.push({ dtype: 'float32', size, origin: { kind: 'step' } }) - 1;
      const inputs = [source, { slot: zero, shape: [] }];
      return {
        op,
        kernel: 'binary',
        attributes: { name: 'add' },
        inputs,
        outputs: [{ slot, shape: source.shape }],
      };
    });
    const whole: Step<'concat'> = {
      op,
      kernel: 'concat',
      attributes: { axis },
      inputs: parts.map(({ outputs }) => outputs[0]!),
      outputs: [{ slot: output.slot, shape }],
    };
    for (const each of [...additions, ...positions]) steps[each] = null;
    steps[position] = [...parts, whole];
  }
  return slots.length === program.slots.length
    ? program
    : { ...program, slots, steps: steps.flatMap((step) => step ?? []) };
}

function isAddition(step: Step): step is Step<'binary'> {
  return step.kernel === 'binary' && (step as Step<'binary'>).attributes.name === 'add';
}
