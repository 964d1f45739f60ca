import * as dl from 'rxtensor/tensor';
import { expectClose } from '../../../test/support/close';
import { expectGradients } from '../../../test/support/gradient-check';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The step by its definition, in float64. */
function step(
  forget: number,
  kernel: Reference,
  bias: Reference,
  data: Reference,
  c: Reference,
  h: Reference,
): [Reference, Reference] {
  const [batch, units] = c.shape as [number, number];
  const inputs = data.shape[1]!;
  const gate = (row: number, column: number): number => {
    let sum = at(bias, [column]);
    for (let k = 0; k < inputs + units; k++) {
      sum += (k < inputs ? at(data, [row, k]) : at(h, [row, k - inputs])) * at(kernel, [k, column]);
    }
    return sum;
  };
  const state = build([batch, units], ([n, u]) => {
    const [i, j, f] = [gate(n!, u!), gate(n!, units + u!), gate(n!, 2 * units + u!)];
    return sigmoid(i) * Math.tanh(j) + at(c, [n!, u!]) * sigmoid(f + forget);
  });
  const output = build(
    [batch, units],
    ([n, u]) => Math.tanh(at(state, [n!, u!])) * sigmoid(gate(n!, 3 * units + u!)),
  );
  return [state, output];
}

const [kernel, bias] = [sample([5, 8], 1, -1, 1), sample([8], 2, -1, 1)];
const [data, c, h] = [sample([3, 3], 3), sample([3, 2], 4), sample([3, 2], 5)];

describe('basicLSTMCell', () => {
  it('follows the definition', () => {
    dl.tidy(() => {
      const [state, output] = dl.basicLSTMCell(
        0.5,
        toTensor(kernel),
        toTensor(bias),
        toTensor(data),
        toTensor(c),
        toTensor(h),
      );
      const wanted = step(0.5, kernel, bias, data, c, h);
      expectClose(state, wanted[0]);
      expectClose(output, wanted[1]);
    });
  });

  it('has gradients of state and output to all it is given', () => {
    for (const which of [0, 1] as const) {
      expectGradients(
        (...t) => dl.basicLSTMCell(t[0]!, t[1]!, t[2]!, t[3]!, t[4]!, t[5]!)[which],
        [{ shape: [], values: [0.5] }, kernel, bias, data, c, h],
      );
    }
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const run = (k: number[], b: number[], d: number[]): unknown =>
        dl.basicLSTMCell(0, dl.zeros(k), dl.zeros(b), dl.zeros(d), toTensor(c), toTensor(h));
      expect(() => run([4, 8], [8], [3, 3])).toThrowError(
        /basicLSTMCell: argument 'lstmKernel' has shape \[4,8\]; wanted \[5,8\]/,
      );
      expect(() => run([5, 8], [1, 8], [3, 3])).toThrowError(/basicLSTMCell: argument 'lstmBias' has rank 2/);
      expect(() => run([5, 8], [8], [3])).toThrowError(/basicLSTMCell: argument 'data' has rank 1/);
    });
  });
});

describe('multiRNNCell', () => {
  it('gives each cell the output of the one below', () => {
    const second = sample([4, 8], 6, -1, 1);
    dl.tidy(() => {
      const cellOf =
        (k: Reference): dl.LSTMCellFunction =>
        (input, state, output) =>
          dl.basicLSTMCell(1, toTensor(k), toTensor(bias), input, state, output);
      const states = [toTensor(c), toTensor(h)];
      const [newC, newH] = dl.multiRNNCell([cellOf(kernel), cellOf(second)], toTensor(data), states, [
        toTensor(h),
        toTensor(c),
      ]);
      const first = step(1, kernel, bias, data, c, h);
      const top = step(1, second, bias, first[1], h, c);
      [first, top].forEach((wanted, layer) => {
        expectClose(newC[layer]!, wanted[0]);
        expectClose(newH[layer]!, wanted[1]);
      });
    });
  });

  it('frees what the cells make on their way', () => {
    const [zero, k, b] = [
      dl.zeros<dl.Rank.R2>([1, 2]),
      dl.ones<dl.Rank.R2>([4, 8]),
      dl.zeros<dl.Rank.R1>([8]),
    ];
    const before = dl.memory().numTensors;
    const cell: dl.LSTMCellFunction = (input, state, output) =>
      dl.basicLSTMCell(1, k, b, input, state, output);
    const [newC, newH] = dl.multiRNNCell([cell, cell], [[1, 2]], [zero, zero], [zero, zero]);
    expect(dl.memory().numTensors).toBe(before + 4);
    dl.dispose([...newC, ...newH, zero, k, b]);
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const cell: dl.LSTMCellFunction = (_, state, output) => [state, output];
      expect(() => dl.multiRNNCell([cell], [[1]], [], [[[1]]])).toThrowError(
        /multiRNNCell: argument 'c' is \[\]; wanted an array of 1 tensors, one for each cell/,
      );
      expect(() => dl.multiRNNCell([cell], [1], [[[1]]], [[[1]]])).toThrowError(
        /multiRNNCell: argument 'data' has rank 1/,
      );
      expect(() => dl.multiRNNCell([cell], [[1]], [[1]], [[[1]]])).toThrowError(
        /multiRNNCell: argument 'c\[0\]' has rank 1/,
      );
    });
  });
});
