import { described } from '../argument';
import { sizeOf } from '../../kernels';
import { op } from '../op';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { mul } from './arithmetic';
import { cast } from './cast';
import { promote } from '../dtype';
import { labelling } from './einsum-equation';
import { matMul } from './mat-mul';
import { pad } from './pad';
import { sum } from './reduction';
import { reshape } from './reshape';
import { slice, stridedBlock } from './slice';
import { transpose } from './transpose';

/** A tensor and a label for each of its axes. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/** Drops the axes of extent 1 that are broadcast: the operand does not vary along them, so it needs no axis there to be a factor. */
function withoutRepeated({ x, labels }: Labelled, extents: ReadonlyMap<string, number>): Labelled {
  const isKept = labels.map((label, axis) => x.shape[axis] === extents.get(label));
  if (isKept.every(Boolean)) return { x, labels };
  return {
    x: reshape(
      x,
      x.shape.filter((_, axis) => isKept[axis]),
    ),
    labels: labels.filter((_, axis) => isKept[axis]),
  };
}

/** Transposes the axes into the given order of labels. */
function arranged({ x, labels }: Labelled, order: readonly string[]): Tensor {
  return transpose(
    x,
    order.map((label) => labels.indexOf(label)),
  );
}

/** Takes the diagonal over axes that share a letter, until each letter names one axis. */
function diagonal({ x, labels }: Labelled): Labelled {
  const label = labels.find((each, axis) => labels.indexOf(each) !== axis);
  if (label === undefined) return { x, labels };
  const [first, second] = [labels.indexOf(label), labels.lastIndexOf(label)];
  const kept = labels.map((_, axis) => axis).filter((axis) => axis !== first && axis !== second);
  const extent = x.shape[first]!;
  const lead = kept.map((axis) => x.shape[axis]!);
  const rows = reshape(transpose(x, [...kept, first, second]), [sizeOf(lead), extent * extent]);
  const every = stridedBlock('einsum', rows, [sizeOf(lead), extent], [0, 0], [1, extent + 1]);
  return diagonal({
    x: reshape(every, [...lead, extent]),
    labels: [...kept.map((axis) => labels[axis]!), label],
  });
}

/** The inverse of {@link diagonal}: doubles the last axis, with x on the diagonal and zeros elsewhere. */
function spread(x: Tensor): Tensor {
  const extent = x.shape[x.rank - 1]!;
  const rows = sizeOf(x.shape.slice(0, -1));
  // `extent` zeros after each element: read as rows of `extent` elements, each element is one column further right than the one before.
  const line = reshape(
    pad(reshape(x, [rows, extent, 1]), [
      [0, 0],
      [0, 0],
      [0, extent],
    ]),
    [rows, extent * (extent + 1)],
  );
  return reshape(slice(line, [0, 0], [rows, extent * extent]), [...x.shape, extent]);
}

/** Transposes the axes into the order of the result, which may name a letter several times: x then lies on the diagonal of those axes. */
function repeated({ x, labels }: Labelled, output: readonly string[]): Tensor {
  const again = output.findIndex((label, axis) => output.indexOf(label) !== axis);
  if (again === -1) return arranged({ x, labels }, output);
  // Makes the result without the second occurrence of this letter, doubles its axis, and moves both axes to their places.
  const rest = output.filter((_, axis) => axis !== again);
  const first = output.indexOf(output[again]!);
  const others = rest.map((_, axis) => axis).filter((axis) => axis !== first);
  const square = spread(transpose(repeated({ x, labels }, rest), [...others, first]));
  const places = output.map((_, axis) => {
    if (axis === again) return square.rank - 1;
    if (axis === first) return square.rank - 2;
    return others.indexOf(axis < again ? axis : axis - 1);
  });
  return transpose(square, places);
}

/** Sums over the letters that are not needed any more. */
function reduced({ x, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (needed.has(label) ? [] : [axis]));
  return axes.length === 0
    ? { x, labels }
    : { x: sum(x, axes), labels: labels.filter((label) => needed.has(label)) };
}

/** Sorts the letters of two operands: shared and kept (batch), shared and summed over, in the left one alone, in the right one alone. */
function rolesOf(a: Labelled, b: Labelled, needed: ReadonlySet<string>) {
  const common = a.labels.filter((label) => b.labels.includes(label));
  return {
    batch: common.filter((label) => needed.has(label)),
    summed: common.filter((label) => !needed.has(label)),
    left: a.labels.filter((label) => !common.includes(label)),
    right: b.labels.filter((label) => !common.includes(label)),
  };
}

/** Multiplies two operands: by a matrix product if they share a letter that is summed over, else by a broadcast multiplication. */
function contract(
  a: Labelled,
  b: Labelled,
  needed: ReadonlySet<string>,
  extents: ReadonlyMap<string, number>,
): Labelled {
  const { batch, summed, left, right } = rolesOf(a, b, needed);
  const shapeOf = (labels: readonly string[]): number[] => labels.map((label) => extents.get(label)!);
  const [batches, inner, rows, columns] = [batch, summed, left, right].map((each) =>
    sizeOf(shapeOf(each)),
  ) as [number, number, number, number];
  const labels = [...batch, ...left, ...right];
  let product: Tensor;
  if (summed.length > 0) {
    // matMul reads an operand whose axes are in the opposite order as its transpose, without a copy.
    const transposeA = left.length > 0 && a.labels.join() === [...batch, ...summed, ...left].join();
    const transposeB = right.length > 0 && b.labels.join() === [...batch, ...right, ...summed].join();
    const first = reshape(
      transposeA ? a.x : arranged(a, [...batch, ...left, ...summed]),
      transposeA ? [batches, inner, rows] : [batches, rows, inner],
    );
    const second = reshape(
      transposeB ? b.x : arranged(b, [...batch, ...summed, ...right]),
      transposeB ? [batches, columns, inner] : [batches, inner, columns],
    );
    product = matMul(first, second, transposeA, transposeB);
  } else {
    const first = reshape(arranged(a, [...batch, ...left]), [batches, rows, 1]);
    const second = reshape(arranged(b, [...batch, ...right]), [batches, 1, columns]);
    product = mul(first, second);
  }
  return { x: reshape(product, shapeOf(labels)), labels };
}

/** The letters of the result and of all operands but i and j. */
function neededBeside(
  operands: readonly Labelled[],
  output: readonly string[],
  i: number,
  j = i,
): Set<string> {
  const others = operands.filter((_, each) => each !== i && each !== j);
  return new Set([...output, ...others.flatMap(({ labels }) => labels)]);
}

/** Contracts the two operands with the smallest product, repeatedly, until one is left. */
function contractAll(
  given: readonly Labelled[],
  output: readonly string[],
  extents: ReadonlyMap<string, number>,
): Labelled {
  let operands = [...given];
  while (operands.length > 1) {
    let best = { size: Infinity, i: 0, j: 1 };
    for (let j = 1; j < operands.length; j++) {
      for (let i = 0; i < j; i++) {
        const { batch, left, right } = rolesOf(
          operands[i]!,
          operands[j]!,
          neededBeside(operands, output, i, j),
        );
        const size = sizeOf([...batch, ...left, ...right].map((label) => extents.get(label)!));
        if (size < best.size) best = { size, i, j };
      }
    }
    const { i, j } = best;
    const joined = contract(operands[i]!, operands[j]!, neededBeside(operands, output, i, j), extents);
    operands = [joined, ...operands.filter((_, each) => each !== i && each !== j)];
  }
  return operands[0]!;
}

/**
 * A sum of products in Einstein's notation, of any number of operands. The equation gives a letter to each axis; letters that the result
 * lacks are summed over. The rules are NumPy's:
 *
 * - A letter twice in one operand takes the diagonal; a letter twice in the result writes on a diagonal, with zeros elsewhere.
 * - '...' stands for any number of axes. They are broadcast, and summed over if the result has no '...'.
 * - An axis of extent 1 is broadcast to the extent of the same letter elsewhere.
 * - Without '->', the result has the axes of '...', then the letters that occur once, in alphabetical order.
 *
 * Operands are contracted in pairs through {@link matMul}, the smallest product first. The result has their common dtype.
 *
 * @param equation for example 'ij,jk->ik'; spaces are ignored
 * @throws unless the equation has one term for each tensor, a letter for each axis that no '...' covers, and one extent (or 1) for each
 *   letter
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.einsum('ij,jk->ik', [[1, 2]], [[3], [4]]).print(); // [[11]]
 * dl.einsum('ii->', [[1, 2], [3, 4]]).print(); // the trace: 5
 * dl.einsum('i,j,k->ijk', [1, 2], [3, 4], [5, 6]).print(); // an outer product of three
 * console.log(dl.einsum('...ij,jk->...ik', dl.ones([2, 3, 4, 5]), dl.ones([5, 6])).shape); // [2, 3, 4, 6]
 * ```
 */
export const einsum = op('einsum', function einsum(equation: string, ...tensors: TensorInput[]): Tensor {
  if (typeof equation !== 'string' || tensors.length === 0) {
    throw new Error(
      `einsum: arguments 'equation' and 'tensors' are ${described(equation)} and ${tensors.length} tensors; wanted a string and at least one`,
    );
  }
  const values = tensors.map((each, i) => asTensor('einsum', `tensors[${i}]`, each));
  const { inputs, output, extents } = labelling(
    equation,
    values.map((x) => x.shape),
  );
  const dtype = values.map((x) => x.dtype).reduce(promote, 'int32');
  const operands = values.map((x, i) => withoutRepeated({ x: cast(x, dtype), labels: inputs[i]! }, extents));
  const diagonals = operands.map(diagonal);
  const prepared = diagonals.map((each, i) => reduced(each, neededBeside(diagonals, output, i)));
  const once = output.filter((label, axis) => output.indexOf(label) === axis);
  return repeated(contractAll(prepared, once, extents), output);
});
