import type { WebGPUBackend } from './backend';
import { list } from './wgsl';

/** So many products are added up in a chain, before they are added to the sum of those before. */
export const LONGEST_BLOCK = 64;

/** The lanes of a group whose lanes share nothing: few where the processor plays the device, so that its threads have even shares. */
export function lanesOfBlocks({ isSoftware }: WebGPUBackend): number {
  return isSoftware ? 16 : 64;
}

/** How many vectors of four columns a block has: two where they are all used, or nearly so. */
export function vectorsFor(columns: number): 1 | 2 {
  return columns % 8 === 0 || columns >= 32 ? 2 : 1;
}

/** WGSL of a block of results in the registers of an invocation; every element that it reads takes part in many products. */
export interface Block {
  readonly columns: number;
  /** Joins a text for each row r and each vector v of the block. */
  readonly each: (text: (r: number, v: number) => string) => string;
  /** Declares the sums `sum<r>_<v>`, and the sums of the chain in work, `part<r>_<v>`. */
  readonly sums: string;
  readonly parts: string;
  /** Adds the products of the numbers `x<r>` and the vectors `z<v>` to the parts. */
  readonly multiply: string;
  /** Adds the parts to the sums. */
  readonly add: string;
  /** Calls `store` for each result, with its row, its column, and the expression of its sum. */
  readonly store: (store: (r: number, column: number, sum: string) => string) => string;
}

/** A block of rows of vectors of four numbers. */
export function blockOf(rows: number, vectors: number, type: 'f32' | 'i32' = 'f32'): Block {
  const each = (text: (r: number, v: number) => string): string =>
    list(rows, (r) => list(vectors, (v) => text(r, v), ' '));
  const declare = (name: string): string => each((r, v) => `var ${name}${r}_${v} = vec4<${type}>(0);`);
  return {
    columns: 4 * vectors,
    each,
    sums: declare('sum'),
    parts: declare('part'),
    multiply: each((r, v) => `part${r}_${v} += x${r} * z${v};`),
    add: each((r, v) => `sum${r}_${v} += part${r}_${v};`),
    store: (store) => each((r, v) => list(4, (q) => store(r, 4 * v + q, `sum${r}_${v}[${q}]`))),
  };
}

/** How a block reads its vectors `z<v>` of a row, one row after the other. */
export interface RowReader {
  /** Declares where the first row lies. */
  readonly begin: string;
  readonly read: string;
}

/**
 * Reads rows of a matrix, in WGSL: it begins at index `start`, elements lie `step` apart and rows `next`. Columns from `limit` on are read as the last. In
 * vectors, steps are 1, and all other numbers are multiples of 4.
 */
export function rowsOf(
  {
    array,
    start,
    column,
    limit,
    step,
    next,
  }: Readonly<Record<'array' | 'start' | 'column' | 'limit' | 'step' | 'next', string>>,
  vectors: number,
  isInVectors: boolean,
  type: 'f32' | 'i32' = 'f32',
): RowReader {
  if (isInVectors) {
    return {
      begin: list(
        vectors,
        (v) => `var b${v} = (${start}) / 4 + min(${column} / 4 + ${v}, ${limit} / 4 - 1);`,
      ),
      read: list(vectors, (v) => `let z${v} = ${array}[b${v}]; b${v} += ${next} / 4;`),
    };
  }
  return {
    begin: list(4 * vectors, (c) => `var b${c} = ${start} + min(${column} + ${c}, ${limit} - 1) * ${step};`),
    read: list(
      vectors,
      (v) =>
        `let z${v} = vec4<${type}>(${list(4, (q) => `${array}[b${4 * v + q}]`, ', ')}); ${list(4, (q) => `b${4 * v + q} += ${next};`, ' ')}`,
    ),
  };
}
