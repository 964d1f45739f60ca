/**
 * Weights of which the file holds only those that are not zero, in the form of TACO (Kjolstad et al., "The Tensor Algebra Compiler", 2017):
 * a tree with a level for each dimension, and for each dimension of the blocks into which the tensor may be cut.
 */
import { sizeOf } from '../../../kernels';
import { described } from '../../../tensor/argument';
import type { FlatTable } from '../flatbuffer';
import { LEVEL, SPARSITY } from './schema';

/** A tensor has at most so many values for each byte of its file. MediaPipe's sparse models have five. */
const MOST_FOR_EACH_BYTE = 256;
const MOST_AXES = 8;

interface Level {
  /** The dimension of the whole tensor, and by how much an index moves along it. */
  readonly axis: number;
  readonly step: number;
  readonly size: number;
  /** Of a sparse level: the indices of parent p lie at [segments[p], segments[p + 1]). */
  readonly sparse: { readonly segments: readonly number[]; readonly indices: readonly number[] } | null;
}

/** The numbers of a vector that may be of int32, uint16 or uint8: the types of a union. */
function vectorOf(table: FlatTable, field: number): number[] {
  const vector = table.table(field + 1);
  const type = table.byte(field);
  if (!vector) return [];
  return type === 1 ? vector.ints(0) : type === 2 ? vector.shorts(0) : [...vector.bytes(0)];
}

/** @throws unless the levels make up the shape */
function levelsOf(sparsity: FlatTable, shape: readonly number[], where: string): Level[] {
  const order = sparsity.ints(SPARSITY.order);
  const blocks = sparsity.ints(SPARSITY.blockMap);
  const tables = sparsity.tables(SPARSITY.levels);
  const rank = shape.length;
  const whole = order.length === rank + blocks.length && tables.length === order.length;
  const isOrder = [...order].sort((a, b) => a - b).every((dimension, i) => dimension === i);
  if (
    rank > MOST_AXES ||
    !whole ||
    !isOrder ||
    new Set(blocks).size !== blocks.length ||
    blocks.some((axis) => !(axis in shape))
  )
    throw new Error(
      `${where} has levels in the order ${described(order)} with blocks of ${described(blocks)}; wanted each of its ${rank} dimensions once, at most ${MOST_AXES}`,
    );
  const blockSize = (axis: number): number => {
    const block = blocks.indexOf(axis);
    return block < 0 ? 1 : tables[order.indexOf(rank + block)]!.int(LEVEL.size);
  };
  return order.map((dimension, i) => {
    const table = tables[i]!;
    const axis = dimension < rank ? dimension : blocks[dimension - rank]!;
    const block = blockSize(axis);
    const size = dimension < rank ? shape[axis]! / block : block;
    const isSparse = table.byte(LEVEL.format) === 1;
    if (!Number.isInteger(size) || size < 1 || (!isSparse && table.int(LEVEL.size) !== size))
      throw new Error(
        `${where} of shape [${shape.join()}] has ${table.int(LEVEL.size)} places in level ${i} along axis ${axis} with blocks of ${block}; wanted ${size}`,
      );
    const sparse = isSparse && {
      segments: vectorOf(table, LEVEL.segments),
      indices: vectorOf(table, LEVEL.indices),
    };
    return { axis, step: dimension < rank ? block : 1, size, sparse: sparse || null };
  });
}

/**
 * All values of a sparse tensor.
 *
 * @param stored those that the file holds
 * @param zero what the others are
 * @throws when the levels lead outside of the tensor, or to other values than are there
 */
export function densified(
  sparsity: FlatTable,
  shape: readonly number[],
  stored: ArrayLike<number>,
  zero: number,
  where: string,
): Float32Array {
  const count = sizeOf(shape);
  const most = MOST_FOR_EACH_BYTE * sparsity.file.bytes.length;
  if (count > most)
    throw new Error(`${where} has shape [${shape.join()}], and few values; wanted at most ${most} places`);
  const levels = levelsOf(sparsity, shape, where);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const values = new Float32Array(count).fill(zero);
  const damaged = (found: string, wanted: string): Error =>
    new Error(`${where} is sparse, and has ${found}; wanted ${wanted}`);
  let seen = 0;
  // Of every level, each parent comes once, so that each index is read once: there is an end.
  const walk = (l: number, parent: number, at: number): void => {
    const level = levels[l];
    if (!level) {
      if (parent >= stored.length) throw damaged(`${stored.length} values`, `one at ${parent}`);
      values[at] = stored[parent]!;
      seen++;
      return;
    }
    const { axis, step, size, sparse } = level;
    const move = step * strides[axis]!;
    if (!sparse) {
      for (let i = 0; i < size; i++) walk(l + 1, parent * size + i, at + i * move);
      return;
    }
    const [from = -1, to = -1] = [sparse.segments[parent], sparse.segments[parent + 1]];
    if (from < 0 || to < from || to > sparse.indices.length || (sparse.segments[0] ?? -1) !== 0)
      throw damaged(`a segment [${from}, ${to}]`, `ascending ones within ${sparse.indices.length} indices`);
    for (let i = from; i < to; i++) {
      const index = sparse.indices[i]!;
      if (!(index >= 0 && index < size)) throw damaged(`the index ${index}`, `one from 0 to ${size - 1}`);
      walk(l + 1, i, at + index * move);
    }
  };
  walk(0, 0, 0);
  if (seen !== stored.length) throw damaged(`${stored.length} values`, `${seen}, to which its levels lead`);
  return values;
}
