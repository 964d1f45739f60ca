/** The steps of a plan: calls of ops, whose values lie in numbered slots. */
import { ContextLostError, tidy, type Tensor } from '../../tensor';
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
  /** Whether the shapes of all inputs are the same in every run. */
  readonly hasFixedShapes: boolean;
}

/** A decision of the model by a value that was read: the plan holds only where it comes out the same. */
export interface Guard {
  /** The number of steps before it. */
  readonly position: number;
  readonly slot: number;
  readonly expected: boolean;
}

/** A gigabyte of floats: a damaged file may ask for any number. */
const MOST_ELEMENTS = 2 ** 28;

/** A guard that does not hold: another plan is needed for these inputs. */
export const OTHER_WAY = Symbol('other way');

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
      const call = { x, numbers: present, attributes };
      const size = row.size?.(call) ?? 0;
      // NaN, too.
      if (!(size <= MOST_ELEMENTS))
        throw new Error(`the result would have ${size} elements; wanted at most ${MOST_ELEMENTS}`);
      const result = row.run(call);
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

/** The numbers of a tensor on the host. */
export function* numbersOf(tensor: Tensor, isNow: boolean): Waiting<readonly number[]> {
  return [...((isNow ? tensor.dataSync() : yield tensor.data()) as Iterable<number>)];
}
