/** A plan: the steps that a model takes for inputs of certain shapes. Values lie in numbered slots. */
import { ContextLostError, dispose, tidy, type Tensor } from '../../tensor';
import type { NodeAttributes, OpRow } from '../ops/row';
import type { Waiting } from './value';

export interface Step {
  /** The node, for messages. */
  readonly name: string;
  readonly op: string;
  readonly row: OpRow;
  readonly attributes: NodeAttributes;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The numbers of host inputs that are the same in every run. */
  readonly numbers: ReadonlyMap<number, readonly number[]>;
  /** The slots that nothing reads behind this step. */
  readonly free: number[];
}

/** A decision of the model by a value that was read: the plan holds only where it comes out the same. */
export interface Guard {
  /** The number of steps before it. */
  readonly position: number;
  readonly slot: number;
  readonly expected: boolean;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly guards: readonly Guard[];
  readonly slots: number;
  /** What was computed from weights and shapes alone; the plan owns it. */
  readonly constants: ReadonlyMap<number, Tensor>;
  /** The weights that it reads. */
  readonly weights: ReadonlyMap<number, Tensor>;
  /** The slots of the inputs, in the order of the model's. −1: the plan does not read it. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** A guard that does not hold: another plan is needed for these inputs. */
export const OTHER_WAY = Symbol('other way');

export function disposePlan({ constants }: Plan): void {
  dispose([...constants.values()]);
}

/** Runs one op of a model. @throws naming the node, and what it was given */
export function runRow(
  { name, op, row, attributes }: Pick<Step, 'name' | 'op' | 'row' | 'attributes'>,
  x: readonly Tensor[],
  numbers: (i: number) => readonly number[] | undefined,
): readonly Tensor[] {
  try {
    return tidy(op, () => {
      const present = (i: number): readonly number[] => {
        const read = numbers(i);
        if (read) return read;
        throw new Error(`input ${i} is missing; wanted numbers`);
      };
      const result = row.run({ x, numbers: present, attributes });
      // An op that gives its input back would else be freed twice.
      return (Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor]).map((y) =>
        x.includes(y) ? y.clone<Tensor>() : y,
      );
    });
  } catch (cause) {
    // Who waits for a new context must know it.
    if (cause instanceof ContextLostError) throw cause;
    const given = x.map(({ dtype, shape }) => `${dtype} [${shape.join()}]`).join(', ');
    throw new Error(`${op} of node '${name}' of (${given}): ${(cause as Error).message}`, { cause });
  }
}

/** The inputs that a row reads on the host, by index. */
export function hostInputs({ host = [] }: OpRow, count: number): number[] {
  return host.map((i) => (i < 0 ? count + i : i)).filter((i) => i < count);
}

/**
 * Runs a plan. It is a generator so that one text serves both ways: it yields promises to wait for, or, if `isNow`, blocks and yields none.
 * Whatever happens, only the results are left.
 *
 * @param given the inputs, in the order of the model's
 * @returns the outputs, which the caller owns; OTHER_WAY if the plan does not hold for these inputs
 */
export function* runPlan(
  plan: Plan,
  given: readonly (Tensor | undefined)[],
  isNow: boolean,
): Waiting<Tensor[] | typeof OTHER_WAY> {
  const values = new Array<Tensor | undefined>(plan.slots);
  for (const [slot, tensor] of plan.constants) values[slot] = tensor;
  for (const [slot, weight] of plan.weights) values[slot] = weight;
  plan.inputs.forEach((slot, i) => {
    if (slot >= 0) values[slot] = given[i];
  });
  const own = new Set<Tensor>();
  let guard = 0;
  try {
    for (let s = 0; s <= plan.steps.length; s++) {
      for (; plan.guards[guard]?.position === s; guard++) {
        const { slot, expected } = plan.guards[guard]!;
        if (((yield* numbersOf(values[slot]!, isNow))[0] !== 0) !== expected) return OTHER_WAY;
      }
      const step = plan.steps[s];
      if (!step) break;
      const x = step.inputs.map((slot) => values[slot]!);
      const numbers = new Map(step.numbers);
      for (const i of hostInputs(step.row, x.length))
        if (!numbers.has(i)) numbers.set(i, yield* numbersOf(x[i]!, isNow));
      const made = runRow(step, x, (i) => numbers.get(i));
      for (const y of made) own.add(y);
      if (made.length !== step.outputs.length) return OTHER_WAY;
      made.forEach((y, i) => (values[step.outputs[i]!] = y));
      for (const slot of step.free) {
        const dead = values[slot]!;
        if (own.delete(dead)) dead.dispose();
      }
    }
    // A result that is an input or a weight stays whose it was.
    const results = plan.outputs.map((slot, i) => {
      const value = values[slot]!;
      const isFirst = plan.outputs.indexOf(slot) === i;
      return own.has(value) && isFirst ? value : value.clone<Tensor>();
    });
    for (const result of results) own.delete(result);
    return results;
  } finally {
    for (const tensor of own) tensor.dispose();
  }
}

/** The numbers of a tensor on the host. */
export function* numbersOf(tensor: Tensor, isNow: boolean): Waiting<readonly number[]> {
  return [...((isNow ? tensor.dataSync() : yield tensor.data()) as Iterable<number>)];
}

/** The steps, with the slots that nothing reads behind each. `kept` are read at the end. */
export function withFrees(
  steps: readonly Step[],
  guards: readonly Guard[],
  kept: readonly number[],
): readonly Step[] {
  const last = new Map<number, number>();
  steps.forEach(({ inputs, outputs }, s) => {
    for (const slot of [...outputs, ...inputs]) last.set(slot, s);
  });
  // A guard reads before the step of its position.
  for (const { position, slot } of guards) {
    const at = last.get(slot);
    if (at === undefined || at >= position) continue;
    if (position < steps.length) last.set(slot, position);
    else last.delete(slot);
  }
  for (const slot of kept) last.delete(slot);
  const made = new Set(steps.flatMap(({ outputs }) => outputs));
  for (const [slot, s] of last) if (made.has(slot)) steps[s]!.free.push(slot);
  return steps;
}
