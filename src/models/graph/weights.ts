/** The weights of a graph on the device. */
import type { DataType } from '../../kernels';
import { keep, tidy, variable, type Tensor, type Variable } from '../../tensor';
import { setOwn } from '../../tensor/own-property';
import { makeTensor } from '../../tensor/tensor-like';
import { freeName } from '../free-name';
import { CONSTANT, type Graph } from './graph';

/** A scalar is a setting of the model, such as an axis or an epsilon, and no variable. */
const isVariable = ({
  dtype,
  shape,
}: {
  readonly dtype: DataType;
  readonly shape: readonly number[];
}): boolean => dtype === 'float32' && shape.length > 0;

/**
 * Makes the weights one after the other, so that the values of only one are in main memory beside the file.
 *
 * @param weights is filled, by node; the caller frees what is in it, also after an error
 */
export function makeWeights(
  operator: string,
  { nodes, constants }: Pick<Graph, 'nodes' | 'constants'>,
  weights: Map<string, Tensor>,
): void {
  for (const [node, constant] of constants) {
    if (nodes.get(node)?.op !== CONSTANT) continue;
    // In a scope, which would own a tensor; a variable belongs to nobody else.
    tidy(() => {
      const value = keep(makeTensor(operator, constant.values, constant.shape, constant.dtype));
      weights.set(node, value);
      if (!isVariable(value)) return;
      weights.set(node, variable(value, false, freeName(node)));
      value.dispose();
    });
  }
}

/** Those that can be trained, by node. */
export function variablesIn(weights: ReadonlyMap<string, Tensor>): Readonly<Record<string, Variable>> {
  const variables: Record<string, Variable> = {};
  for (const [node, weight] of weights) if (isVariable(weight)) setOwn(variables, node, weight);
  return variables;
}
