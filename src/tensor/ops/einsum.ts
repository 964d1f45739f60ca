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

/** Without the axes of extent 1 that are repeated to another extent: as a factor, the operand does not depend on them. */
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

/** The axes in another order, all of them named. */
function arranged({ x, labels }: Labelled, order: readonly string[]): Tensor {
  return transpose(
    x,
    order.map((label) => labels.indexOf(label)),
  );
}

/** The elements at which all axes of one letter have the same index: that letter names one axis then. */
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

/** The adjoint of {@link diagonal}: the last axis as two, with zeros where they differ. */
function spread(x: Tensor): Tensor {
  const extent = x.shape[x.rank - 1]!;
  const rows = sizeOf(x.shape.slice(0, -1));
  // Each element and `extent` zeros behind it, in a row: the next element comes one further in its row of the square.
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

/** The axes in the order of the result, which may name one several times. */
function repeated({ x, labels }: Labelled, output: readonly string[]): Tensor {
  const again = output.findIndex((label, axis) => output.indexOf(label) !== axis);
  if (again === -1) return arranged({ x, labels }, output);
  // Without the second place of this letter; then its axis goes last, becomes two, and both go where they belong.
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

/** Sums over the letters that nothing else asks for. */
function reduced({ x, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (needed.has(label) ? [] : [axis]));
  return axes.length === 0
    ? { x, labels }
    : { x: sum(x, axes), labels: labels.filter((label) => needed.has(label)) };
}

/** How the letters of two operands are used in their product. */
function rolesOf(a: Labelled, b: Labelled, needed: ReadonlySet<string>) {
  const common = a.labels.filter((label) => b.labels.includes(label));
  return {
    batch: common.filter((label) => needed.has(label)),
    summed: common.filter((label) => !needed.has(label)),
    left: a.labels.filter((label) => !common.includes(label)),
    right: b.labels.filter((label) => !common.includes(label)),
  };
}

/** Two operands as one: a product of matrices where something is summed over, else of elements. */
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
    // An operand whose axes stand the other way round is read as its transpose, without a copy.
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

/** The letters that the result or any operand but those two has. */
function neededBeside(
  operands: readonly Labelled[],
  output: readonly string[],
  i: number,
  j = i,
): Set<string> {
  const others = operands.filter((_, each) => each !== i && each !== j);
  return new Set([...output, ...others.flatMap(({ labels }) => labels)]);
}

/** Contracts the two whose product is smallest, again and again, until one is left. */
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
 * A sum of products by Einstein's convention: every axis of every operand has a letter; those that the result does not have are
 * summed over. A letter that one operand has twice takes its diagonal; one that the result has twice puts it there. An ellipsis stands
 * for any number of axes, which are broadcast, and summed over where the result has none. An extent of 1 is repeated to that of the same
 * letter elsewhere. Without '->' the result is NumPy's: the axes of the ellipsis, then the letters that occur
 * once, in alphabetical order. Any number of operands; pairs are contracted through {@link matMul}, the smallest product first.
 *
 * @param equation as in 'ij,jk->ik'; spaces are allowed
 * @throws unless the equation has as many operands as there are tensors and a letter for each axis that no ellipsis covers, and each
 *   letter has one extent, but for extents of 1
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
