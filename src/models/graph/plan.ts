/** A plan: what a model does for inputs of certain shapes. Values lie in numbered slots. */
import { dispose, type Tensor } from '../../tensor';
import { readInputs, type RunnablePart } from './parts';
import { numbersOf, OTHER_WAY, type Guard } from './step';
import type { Waiting } from './value';

export interface Plan {
  readonly parts: readonly RunnablePart[];
  readonly guards: readonly Guard[];
  /** What was computed from weights and shapes alone; the plan owns it. */
  readonly constants: ReadonlyMap<number, Tensor>;
  /** The weights that it reads. */
  readonly weights: ReadonlyMap<number, Tensor>;
  /** The slots of the inputs, in the order of the model's. −1: the plan does not read it. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export function disposePlan({ constants, parts }: Plan): void {
  for (const part of parts) part.dispose();
  dispose([...constants.values()]);
}

/**
 * Runs a plan. It is a generator so that one text serves both ways: it yields promises to wait for, or, if `isNow`, blocks and yields none.
 * Whatever happens, only the results are left.
 *
 * @param given the inputs, in the order of the model's
 * @returns the outputs, which the caller owns; OTHER_WAY if the plan does not hold for these inputs
 */
export function* runPlan(
  { parts, guards, constants, weights, inputs, outputs }: Plan,
  given: readonly (Tensor | undefined)[],
  isNow: boolean,
): Waiting<Tensor[] | typeof OTHER_WAY> {
  const values = new Map(inputs.map((slot, i) => [slot, given[i]!]));
  const valueOf = (slot: number): Tensor => values.get(slot) ?? constants.get(slot) ?? weights.get(slot)!;
  const own = new Set<Tensor>();
  let guard = 0;
  try {
    for (let p = 0; p <= parts.length; p++) {
      const part = parts[p];
      for (; guards[guard] && guards[guard]!.position <= (part?.position ?? Infinity); guard++) {
        const { slot, expected } = guards[guard]!;
        if (((yield* numbersOf(valueOf(slot), isNow))[0] !== 0) !== expected) return OTHER_WAY;
      }
      if (!part) break;
      const read = new Map<number, readonly number[]>();
      if (part.kind === 'waits') {
        const step = part.steps[0]!;
        for (const i of readInputs(step)) read.set(i, yield* numbersOf(valueOf(step.inputs[i]!), isNow));
      }
      const made = part.run(part.inputs.map(valueOf), read);
      if (made === OTHER_WAY) return OTHER_WAY;
      made.forEach((y, i) => values.set(part.outputs[i]!, y));
      for (const y of made) own.add(y);
      for (const slot of part.free) {
        const dead = valueOf(slot);
        if (own.delete(dead)) dead.dispose();
      }
    }
    // A result that is an input or a weight stays whose it was.
    const results = outputs.map((slot, i) => {
      const value = valueOf(slot);
      const isFirst = outputs.indexOf(slot) === i;
      return own.has(value) && isFirst ? value : value.clone<Tensor>();
    });
    for (const result of results) own.delete(result);
    return results;
  } finally {
    for (const tensor of own) tensor.dispose();
  }
}
