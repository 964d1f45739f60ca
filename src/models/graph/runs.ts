/** Runs of a graph: for inputs of known kinds a plan is followed; for others the graph is traced, which makes one. */
import { dispose, tidy, Variable, type Tensor } from '../../tensor';
import { detached } from '../../tensor/detached';
import { outsideOfExtents } from '../../tensor/extent';
import { neededTensors, type ModelInputs } from '../model-inputs';
import type { OpTable } from '../ops/row';
import { withOperator } from '../with-operator';
import { checkedNodes } from './check';
import type { Graph, NodeOutput } from './graph';
import { keptPlans } from './kept-plans';
import { runPlan } from './plan';
import { OTHER_WAY } from './step';
import { isControlFlow, trace } from './trace';
import type { Waiting } from './value';

/** The nodes that outputs need, each behind its inputs. */
export interface Order {
  readonly names: readonly string[];
  readonly needed: ReadonlySet<string>;
}

export interface GraphRuns {
  /** @throws when the graph is damaged, or has unsupported ops */
  readonly order: (operator: string, outputs: readonly NodeOutput[]) => Order;
  /** Gives the values of some outputs, which the caller or the open scope owns. @throws where it would have to wait for the device, and cannot block */
  readonly now: (operator: string, inputs: ModelInputs, outputs: readonly NodeOutput[]) => Tensor[];
  /** As `now`, but never blocks. */
  readonly later: (
    operator: string,
    inputs: ModelInputs,
    outputs: readonly NodeOutput[],
  ) => Promise<Tensor[]>;
  /** Frees what was computed from weights. A run that waits ends with an error. */
  readonly dispose: () => void;
}

/**
 * @param weights by node; they are there before the first run
 * @param isRecorded whether plans run as programs
 */
export function graphRuns(
  { constants, ...rest }: Graph,
  table: OpTable,
  weights: ReadonlyMap<string, Tensor>,
  isRecorded: boolean,
): GraphRuns {
  // Only the names: the values would keep the files in memory.
  const graph = { ...rest, constants: new Set(constants.keys()) };
  const plans = keptPlans();
  const orders = new Map<string, Order>();
  /** The keys of lists, which are mostly the same one: the model's own outputs. */
  const keys = new WeakMap<readonly NodeOutput[], string>();
  let variables: readonly Variable[] | undefined;
  let isDisposed = false;

  const assertUsable = (operator: string): void => {
    if (isDisposed) throw new Error(`${operator}: the model was disposed; wanted one that is not`);
  };
  const keyOf = (outputs: readonly NodeOutput[]): string => {
    let key = keys.get(outputs);
    // No name can hold what separates them here.
    key ??= JSON.stringify(outputs.map(({ node, output }) => [node, output]));
    keys.set(outputs, key);
    return key;
  };
  const isKnown = (op: string): boolean => Object.hasOwn(table, op) || isControlFlow(op);
  const orderOf = (operator: string, outputs: readonly NodeOutput[]): Order => {
    const key = keyOf(outputs);
    let order = orders.get(key);
    if (!order) {
      const names = checkedNodes(graph, outputs, isKnown, operator);
      orders.set(key, (order = { names, needed: new Set(names) }));
    }
    return order;
  };
  const given = (
    operator: string,
    inputs: ModelInputs,
    outputs: readonly NodeOutput[],
  ): (Tensor | undefined)[] => {
    assertUsable(operator);
    const { needed } = orderOf(operator, outputs);
    return neededTensors(operator, graph.inputs, inputs, ({ node }) => needed.has(node));
  };
  /** What a plan holds for: the outputs, the kinds of the inputs, and which weights are trainable. */
  const planKey = (x: readonly (Tensor | undefined)[], outputs: readonly NodeOutput[]): string => {
    let key = keyOf(outputs);
    for (const each of x) key += each ? `|${each.dtype}[${each.shape.join()}]` : '|';
    variables ??= [...weights.values()].filter((each) => each instanceof Variable);
    for (let i = 0; i < variables.length; i++) if (variables[i]!.trainable) key += `,${i}`;
    return key;
  };
  function* run(
    operator: string,
    x: readonly (Tensor | undefined)[],
    outputs: readonly NodeOutput[],
    isNow: boolean,
  ): Waiting<Tensor[]> {
    try {
      const key = planKey(x, outputs);
      const known = yield* plans.run(key, (plan) => runPlan(plan, x, isNow));
      if (known !== OTHER_WAY) return known;
      const order = orderOf(operator, outputs).names;
      const { plan, results } = yield* trace({ graph, order, outputs, table, weights, isRecorded }, x, isNow);
      plans.keep(key, plan);
      return results;
    } catch (error) {
      throw withOperator(operator, error);
    }
  }

  return {
    order: orderOf,
    now: (operator, inputs, outputs) =>
      tidy(operator, () => {
        const running = run(operator, given(operator, inputs, outputs), outputs, true).next();
        if (running.done) return running.value;
        throw new Error(`${operator}: the model has to wait for the device; wanted ${operator}Async`);
      }),
    later: async (operator, inputs, outputs) => {
      // The caller may free its own meanwhile, and no scope may free what is made here before the end.
      const x = tidy(operator, () =>
        given(operator, inputs, outputs).map((input) => input && detached(input)),
      );
      try {
        const running = run(operator, x, outputs, false);
        let step = outsideOfExtents(() => running.next());
        while (!step.done) {
          let next: () => typeof step;
          try {
            const read = await step.value;
            assertUsable(operator);
            next = () => running.next(read);
          } catch (error) {
            next = () => running.throw(error);
          }
          step = outsideOfExtents(next);
        }
        return step.value;
      } finally {
        dispose(x);
      }
    },
    dispose: () => {
      isDisposed = true;
      plans.dispose();
    },
  };
}
