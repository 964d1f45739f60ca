import { sameShape } from '../../kernels';
import { assertFunction, assertList, wrongArgument } from '../argument';
import { op } from '../op';
import { formatShape, isRepeatable } from '../shape';
import type { Scalar, Tensor1D, Tensor2D } from '../tensor';
import { asRank, asTensor, type TensorInput } from '../tensor-like';
import { add, mul } from './arithmetic';
import { concat } from './concat';
import { matMul } from './mat-mul';
import { split } from './slice';
import { sigmoid, tanh } from './unary';

/** One step of a recurrent cell: takes the data, the previous state c and the previous output h, and returns [new state, new output]. */
export type LSTMCellFunction = (data: Tensor2D, c: Tensor2D, h: Tensor2D) => [Tensor2D, Tensor2D];

/**
 * One step of an LSTM cell (Hochreiter & Schmidhuber 1997; with a forget gate: Gers, Schmidhuber & Cummins 2000), in float32.
 *
 * @param forgetBias added to the forget gate before its sigmoid
 * @param lstmKernel [inputs + units, 4 · units]: the weights of the input gate, the candidate, the forget gate and the output gate, in this
 *   order along the last axis
 * @param lstmBias [4 · units], in the same order
 * @param data [batch, inputs]
 * @param c [batch, units], the previous state
 * @param h [batch, units], the previous output
 * @returns [new state, new output]
 * @throws when the shapes do not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const state = dl.zeros([1, 2]);
 * const [c, h] = dl.basicLSTMCell(1, dl.ones([5, 8]), dl.zeros([8]), [[1, 2, 3]], state, state);
 * console.log(c.shape, h.shape); // [1, 2] [1, 2]
 * ```
 */
export const basicLSTMCell = op(
  'basicLSTMCell',
  function basicLSTMCell(
    forgetBias: Scalar | TensorInput,
    lstmKernel: Tensor2D | TensorInput,
    lstmBias: Tensor1D | TensorInput,
    data: Tensor2D | TensorInput,
    c: Tensor2D | TensorInput,
    h: Tensor2D | TensorInput,
  ): [Tensor2D, Tensor2D] {
    const name = 'basicLSTMCell';
    const forget = asTensor(name, 'forgetBias', forgetBias, 'float32');
    const kernel = asRank(name, 'lstmKernel', lstmKernel, 2, 'float32');
    const bias = asRank(name, 'lstmBias', lstmBias, 1, 'float32');
    const input = asRank(name, 'data', data, 2, 'float32');
    const state = asRank(name, 'c', c, 2, 'float32') as Tensor2D;
    const output = asRank(name, 'h', h, 2, 'float32');
    const [batch, units] = state.shape;
    const inputs = input.shape[1]!;
    const wanted = [
      ['h', output, [batch, units], "the shape of 'c'"],
      ['data', input, [batch, inputs], "as many rows as 'c' has"],
      [
        'lstmKernel',
        kernel,
        [inputs + units, 4 * units],
        "the columns of 'data' and 'h' by four for each unit of 'c'",
      ],
      ['lstmBias', bias, [4 * units], "four for each unit of 'c'"],
    ] as const;
    for (const [argument, { shape }, fitting, why] of wanted) {
      if (!sameShape(shape, fitting)) {
        throw new Error(
          `${name}: argument '${argument}' has shape ${formatShape(shape)}; wanted ${formatShape(fitting)}: ${why}`,
        );
      }
    }
    if (!isRepeatable(forget.shape, state.shape)) {
      throw new Error(
        `${name}: argument 'forgetBias' has shape ${formatShape(forget.shape)}; wanted a scalar`,
      );
    }
    const gates = add(matMul(concat([input, output], 1), kernel), bias);
    const [i, j, f, o] = split(gates, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
    const newC = add(mul(sigmoid(i), tanh(j)), mul(state, sigmoid(add(f, forget))));
    return [newC, mul(tanh(newC), sigmoid(o))];
  },
);

/**
 * One step of stacked recurrent cells: the first cell takes `data`, each other cell takes the new output of the cell before it.
 *
 * @param data [batch, inputs]
 * @param c the previous states, one for each cell
 * @param h the previous outputs, one for each cell
 * @returns [new states, new outputs], one of each for each cell
 * @throws unless there is one state and one output for each cell
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const cell: dl.LSTMCellFunction = (data, c, h) => dl.basicLSTMCell(1, dl.ones([4, 8]), dl.zeros([8]), data, c, h);
 * const zero = dl.zeros([1, 2]);
 * const [c, h] = dl.multiRNNCell([cell, cell], [[1, 2]], [zero, zero], [zero, zero]);
 * console.log(c.length, h.length); // 2 2
 * ```
 */
export const multiRNNCell = op(
  'multiRNNCell',
  function multiRNNCell(
    lstmCells: readonly LSTMCellFunction[],
    data: Tensor2D | TensorInput,
    c: readonly (Tensor2D | TensorInput)[],
    h: readonly (Tensor2D | TensorInput)[],
  ): [Tensor2D[], Tensor2D[]] {
    const name = 'multiRNNCell';
    assertList(name, 'lstmCells', lstmCells, 'an array of at least one cell');
    lstmCells.forEach((cell, layer) => assertFunction(name, `lstmCells[${layer}]`, cell));
    for (const [argument, list] of Object.entries({ c, h })) {
      if (!Array.isArray(list) || list.length !== lstmCells.length) {
        throw wrongArgument(
          name,
          argument,
          list,
          `an array of ${lstmCells.length} tensors, one for each cell`,
        );
      }
    }
    const before = c.map((each, layer) => asRank(name, `c[${layer}]`, each, 2, 'float32') as Tensor2D);
    const given = h.map((each, layer) => asRank(name, `h[${layer}]`, each, 2, 'float32') as Tensor2D);
    const states: Tensor2D[] = [];
    const outputs: Tensor2D[] = [];
    let input = asRank(name, 'data', data, 2, 'float32') as Tensor2D;
    lstmCells.forEach((cell, layer) => {
      const [state, next] = cell(input, before[layer]!, given[layer]!);
      states.push(state);
      outputs.push(next);
      input = next;
    });
    return [states, outputs];
  },
);
