import type { KernelName } from '../../kernel-table';
import { broadcastStrides, mergeAxes, sizeOf, stridesOf } from '../../strides';
import type { Operand, Step } from '../program';
import type { ChainOperand } from '../schedule';

/** The kernels that compute each element of their one output from the elements at the same place of their inputs, which may be broadcast. */
const elementwise: ReadonlySet<KernelName> = new Set<KernelName>([
  'unary',
  'binary',
  'select',
  'cast',
  'activationGradient',
]);

export function isElementwise({ kernel, varying }: Step): boolean {
  return varying === undefined && elementwise.has(kernel);
}

/** How a chain walks an operand: the elements from one row to the next, and from one column to the next (0 or 1). */
export interface Walk {
  readonly row: number;
  readonly column: number;
}

/** Rows and columns over which a chain runs, and how it walks each operand. */
export interface RowLoop {
  readonly rows: number;
  readonly columns: number;
  readonly walks: readonly Walk[];
}

/**
 * Sees operands that are broadcast to a shape, or are parts of rows, as a matrix of rows: one row where nothing is repeated or left out. Null
 * where that needs more than two axes.
 */
export function rowLoopOf(shape: readonly number[], operands: readonly ChainOperand[]): RowLoop | null {
  const size = sizeOf(shape);
  const strides = operands.map((operand) => {
    if (operand.part) return stridesOf(operand.shape);
    return broadcastStrides(sizeOf(operand.shape) === size ? shape : operand.shape, shape);
  });
  const nest = mergeAxes(shape, strides);
  if (nest.shape.length > 2) return null;
  const last = nest.shape.length - 1;
  const walks = nest.strides.map((own) => ({ row: last === 0 ? 0 : own[0]!, column: own[last]! }));
  return { rows: last === 0 ? 1 : nest.shape[0]!, columns: nest.shape[last]!, walks };
}

/** The operands of elementwise steps that come from outside of them, each slot and shape once. */
export function outerOperands(steps: readonly Step[]): Operand[] {
  const own = new Set(steps.flatMap(({ outputs }) => outputs.map(({ slot }) => slot)));
  const outer = new Map<string, Operand>();
  for (const { inputs } of steps) {
    for (const operand of inputs) {
      if (!own.has(operand.slot)) outer.set(`${operand.slot}:${operand.shape.join()}`, operand);
    }
  }
  return [...outer.values()];
}
