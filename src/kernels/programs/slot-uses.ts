import type { Operand, Program, Step } from './program';

/** The parts of a program, or of a schedule, that say when slots are read and written. */
export interface Uses {
  readonly slots: Program['slots'];
  readonly steps: readonly { readonly inputs: readonly Operand[]; readonly outputs: readonly Operand[] }[];
  readonly results: Program['results'];
  readonly updates: Program['updates'];
}

/** How often each slot is read: by steps, as a result, and as the new value of a captured tensor. */
export function readsOfSlots({ slots, steps, results, updates }: Uses): number[] {
  const reads = new Array<number>(slots.length).fill(0);
  for (const { inputs } of steps) for (const { slot } of inputs) reads[slot]!++;
  for (const { slot } of results) reads[slot]!++;
  for (const { slot } of updates) reads[slot]!++;
  return reads;
}

/** The step that writes each slot; undefined for slots that no step writes. */
export function writersOfSlots({ steps }: Pick<Uses, 'steps'>): (number | undefined)[] {
  const writers: (number | undefined)[] = [];
  steps.forEach(({ outputs }, step) => {
    for (const { slot } of outputs) writers[slot] = step;
  });
  return writers;
}

/** Slots whose values are the same in each run: constants, and captured tensors that are no variables. */
export function fixedSlots({ slots }: Pick<Uses, 'slots'>): Set<number> {
  const isFixed = ({ origin }: Program['slots'][number]): boolean =>
    origin.kind === 'constant' || (origin.kind === 'captured' && origin.fixed === true);
  return new Set(slots.flatMap((slot, i) => (isFixed(slot) ? [i] : [])));
}

/** Slots whose values outlive the run: results, and new values of captured tensors. */
export function keptSlots({ results, updates }: Pick<Uses, 'results' | 'updates'>): Set<number> {
  return new Set([...results, ...updates].map(({ slot }) => slot));
}

/**
 * Whether an operand is a captured tensor that the program gives a new value. The step that computes the value may write it in place, so that
 * no pass moves a read of it behind that step.
 */
export function mayBeReplaced(
  { slots, updates }: Pick<Uses, 'slots' | 'updates'>,
  { slot }: Operand,
): boolean {
  const { origin } = slots[slot]!;
  return origin.kind === 'captured' && updates.some(({ captured }) => captured === origin.position);
}

export type Product = Step<'matMul' | 'conv2d'>;

/** A product or convolution, by its position among the steps. */
export interface PlacedProduct {
  readonly product: Product;
  readonly position: number;
}

/**
 * Finds the products that can do what a step does to their result: those without an activation whose result no other step reads.
 *
 * @returns a function of the steps as a pass has changed them so far, of the operand that a step reads, and of what it writes; null if its
 *   operand is no such product
 */
export function productsOfOneReader(
  program: Program,
): (steps: readonly (Step | null)[], result: Operand, output: Operand) => PlacedProduct | null {
  const reads = readsOfSlots(program);
  const writers = writersOfSlots(program);
  // A step that writes a captured tensor's new value may be given its place, which a product cannot write while it reads.
  const updated = new Set(program.updates.map(({ slot }) => slot));
  return (steps, { slot }, output) => {
    const position = writers[slot];
    if (position === undefined || reads[slot] !== 1 || updated.has(output.slot)) return null;
    const product = steps[position];
    const isPlain =
      isProduct(product) && product.varying === undefined && product.attributes.activation === 'linear';
    return isPlain && program.slots[slot]!.dtype === 'float32' ? { product, position } : null;
  };
}

function isProduct(step: Step | null | undefined): step is Product {
  return step?.kernel === 'matMul' || step?.kernel === 'conv2d';
}
