import type { OpTable } from '../ops/row';
import { CONSTANT, type Topology } from './graph';
import { hostInputs } from './step';

/**
 * Whether a run may have to wait for values on the host: the model decides by values, or asks for results whose shapes depend on them.
 *
 * @param order the nodes that run, each behind its inputs
 */
export function waitsForValues(nodes: Topology['nodes'], order: readonly string[], ops: OpTable): boolean {
  /** The nodes whose values are the same in every run, as far as the graph alone tells. */
  const constant = new Set<string>();
  return order.some((name) => {
    const { op, inputs } = nodes.get(name)!;
    const isConstant = (input: number): boolean => constant.has(inputs[input]?.node ?? '');
    const row = Object.hasOwn(ops, op) ? ops[op] : undefined;
    if (op === CONSTANT || row?.ofShape || (inputs.length > 0 && inputs.every((_, i) => isConstant(i))))
      constant.add(name);
    else if (op === 'Switch') return !isConstant(1);
    else if (row)
      return row.shapedByValues === true || hostInputs(row, inputs.length).some((i) => !isConstant(i));
    return false;
  });
}
