import type { TensorInfo } from '../backend';
import type { Kernel, KernelAttributes } from '../kernel-table';
import { activationSource } from './activations';
import type { WebGPUBackend } from './backend';
import { LONGEST_BLOCK, blockOf, lanesOfBlocks, rowsOf, vectorsFor } from './block';
import { dispatch, typeOf, type Numbers } from './dispatch';
import { fold } from './fold';
import { list } from './wgsl';

/** The sizes of a product, and where elements lie: element (r, c) of a at r · a_row + c · a_column, of b alike. */
interface Product {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly y: TensorInfo;
  readonly attributes: KernelAttributes['matMul'];
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly ints: Numbers;
}

export const matMul: Kernel<WebGPUBackend, 'matMul'> = (backend, [a, b, bias], [y], attributes) => {
  const { transposeA, transposeB } = attributes;
  const [batch, m, n] = y!.shape as [number, number, number];
  const k = a!.shape[transposeA ? 1 : 2]!;
  const strides = (
    name: string,
    rows: number,
    columns: number,
    isTransposed: boolean,
    own: number,
  ): Numbers => ({
    [`${name}_row`]: isTransposed ? 1 : columns,
    [`${name}_column`]: isTransposed ? rows : 1,
    // A batch of 1 is repeated.
    [`${name}_batch`]: own === 1 ? 0 : rows * columns,
  });
  const product: Product = {
    inputs: { a: a!, b: b!, ...(bias && { bias }) },
    y: y!,
    attributes,
    batch,
    m,
    n,
    k,
    ints: {
      m,
      n,
      k,
      ...strides('a', m, k, transposeA, a!.shape[0]!),
      ...strides('b', k, n, transposeB, b!.shape[0]!),
    },
  };
  if (batch * m * n <= FEW_RESULTS && k > 64) dots(backend, product);
  else if (!backend.isSoftware && m >= 32 && n >= 32 && typeOf(y!.dtype) === 'f32') tiles(backend, product);
  else registers(backend, product);
};

/** So few results would keep few lanes busy, if each added up its terms alone. */
const FEW_RESULTS = 4096;

/** `stored(v, row, column)`: the value that is stored for a sum. */
const storedSource = ({ attributes: { activation }, inputs: { bias } }: Product, type: string): string =>
  type === 'i32'
    ? 'fn stored(v: i32, column: i32) -> i32 { return v; }'
    : `${activationSource(activation)}
  fn stored(v: f32, column: i32) -> f32 { return activated(v ${bias ? '+ bias[column]' : ''}, u.alpha); }`;

const programOf = (name: string, { attributes: { activation }, inputs: { bias } }: Product): string =>
  `matMul ${name} ${activation} ${bias ? 'bias' : ''}`;

/** Few results of long sums: the terms of each are folded in parts. */
function dots(backend: WebGPUBackend, product: Product): void {
  const { inputs, y, batch, m, n, k, ints, attributes } = product;
  const type = typeOf(y.dtype);
  const { a, b, bias } = inputs as { a: TensorInfo; b: TensorInfo; bias?: TensorInfo };
  const isPlain = !bias && attributes.activation === 'linear';
  fold(backend, {
    program: 'matMul dots',
    inputs: { a, b },
    output: y,
    view: { outer: batch, extent: k, inner: m * n },
    type,
    initial: `${type}(0)`,
    combine: 'a + b',
    ints: { ...ints, of_batch: batch },
    term: `
        let row = n / u.n;
        return a[o * u.a_batch + row * u.a_row + e * u.a_column] * b[o * u.b_batch + e * u.b_row + (n - row * u.n) * u.b_column];`,
  });
  if (!isPlain) finish(backend, product);
}

/** Adds the bias and applies the activation to sums that lie in the output already. */
function finish(backend: WebGPUBackend, product: Product): void {
  const { inputs, y, n, attributes } = product;
  dispatch(backend, {
    program: programOf('finish', product),
    inputs: { ...(inputs.bias && { bias: inputs.bias }) },
    outputs: { y },
    form: 'cell',
    ints: { n },
    floats: { alpha: attributes.alpha },
    source: () => `
      ${storedSource(product, 'f32')}
      fn work(i: i32) { y[i] = stored(y[i], i % u.n); }`,
  });
}

/**
 * An invocation computes a block of results in registers. It reads no memory of the group, which is slow where the processor plays the device. Rows of b
 * are read as vectors where they lie so.
 */
function registers(backend: WebGPUBackend, product: Product): void {
  const { inputs, y, batch, m, n, ints, attributes } = product;
  const type = typeOf(y.dtype);
  const rows = m >= 32 ? 8 : 4;
  const vectors = vectorsFor(n);
  const block = blockOf(rows, vectors, type);
  const { columns } = block;
  const across = Math.ceil(n / columns);
  const down = Math.ceil(m / rows);
  const isInVectors = !attributes.transposeB && n % 4 === 0;
  const reader = rowsOf(
    {
      array: 'b',
      start: 'o * u.b_batch',
      column: 'column',
      limit: 'u.n',
      step: 'u.b_column',
      next: 'u.b_row',
    },
    vectors,
    isInVectors,
    type,
  );
  dispatch(backend, {
    program: programOf(`registers ${rows} ${columns} ${isInVectors ? 'vectors' : ''}`, product),
    inputs,
    ...(isInVectors && { vectors: ['b'] }),
    outputs: { y },
    form: 'cell',
    lanes: lanesOfBlocks(backend),
    count: batch * across * down,
    ints: { ...ints, across, down },
    floats: { alpha: attributes.alpha },
    source: () => `
      ${storedSource(product, type)}
      fn work(i: i32) {
        let line = i / u.across;
        let o = line / u.down;
        let row = (line - o * u.down) * ${rows};
        let column = (i - line * u.across) * ${columns};
        // Rows and columns beyond the end are computed from the last, and not stored.
        ${list(rows, (r) => `var a${r} = o * u.a_batch + min(row + ${r}, u.m - 1) * u.a_row;`)}
        ${reader.begin}
        ${block.sums}
        var term = 0;
        while (term < u.k) {
          let end = min(term + ${LONGEST_BLOCK}, u.k);
          ${block.parts}
          for (; term < end; term++) {
            ${list(rows, (r) => `let x${r} = a[a${r}]; a${r} += u.a_column;`)}
            ${reader.read}
            ${block.multiply}
          }
          ${block.add}
        }
        let at = (o * u.m + row) * u.n + column;
        ${block.store((r, c, sum) => `if ((row + ${r} < u.m) & (column + ${c} < u.n)) { y[at + ${r} * u.n + ${c}] = stored(${sum}, column + ${c}); }`)}
      }`,
  });
}

/** A group of 16 × 16 lanes computes a tile of 64 × 64 results, from parts of both matrices that it has copied to its shared memory. */
const TILE = 64;
const DEPTH = 16;
const SIDE = 16;
const OWN = TILE / SIDE;

function tiles(backend: WebGPUBackend, product: Product): void {
  const { inputs, y, batch, m, n, ints, attributes } = product;
  const across = Math.ceil(n / TILE);
  const down = Math.ceil(m / TILE);
  dispatch(backend, {
    program: programOf('tiles', product),
    inputs,
    outputs: { y },
    form: 'group',
    lanes: SIDE * SIDE,
    count: batch * across * down,
    ints: { ...ints, across, down },
    floats: { alpha: attributes.alpha },
    source: () => `
      ${storedSource(product, 'f32')}
      // Depth by place, so that the lanes of a row read neighbouring vectors.
      var<workgroup> rows: array<array<vec4f, ${TILE / 4}>, ${DEPTH}>;
      var<workgroup> columns: array<array<vec4f, ${TILE / 4}>, ${DEPTH}>;
      fn a_at(o: i32, row: i32, term: i32) -> f32 {
        if (row >= u.m || term >= u.k) { return 0.0; }
        return a[o * u.a_batch + row * u.a_row + term * u.a_column];
      }
      fn b_at(o: i32, term: i32, column: i32) -> f32 {
        if (column >= u.n || term >= u.k) { return 0.0; }
        return b[o * u.b_batch + term * u.b_row + column * u.b_column];
      }
      fn work(group: i32, lane: i32) {
        let line = group / u.across;
        let o = line / u.down;
        let row = (line - o * u.down) * ${TILE};
        let column = (group - line * u.across) * ${TILE};
        let mine_y = lane / ${SIDE};
        let mine_x = lane % ${SIDE};
        // Each lane copies one vector of either part.
        let depth = lane / ${TILE / 4};
        let place = lane % ${TILE / 4};
        ${list(OWN, (r) => `var sum${r} = vec4f(0.0);`, ' ')}
        for (var first = 0; first < u.k; first += ${DEPTH}) {
          let r = row + place * 4;
          let c = column + place * 4;
          let term = first + depth;
          rows[depth][place] = vec4f(${list(4, (q) => `a_at(o, r + ${q}, term)`, ', ')});
          columns[depth][place] = vec4f(${list(4, (q) => `b_at(o, term, c + ${q})`, ', ')});
          workgroupBarrier();
          ${list(OWN, (r) => `var part${r} = vec4f(0.0);`, ' ')}
          for (var d = 0; d < ${DEPTH}; d++) {
            let x = rows[d][mine_y];
            let z = columns[d][mine_x];
            ${list(OWN, (r) => `part${r} += x[${r}] * z;`, ' ')}
          }
          ${list(OWN, (r) => `sum${r} += part${r};`, ' ')}
          workgroupBarrier();
        }
        let to_row = row + mine_y * ${OWN};
        let to_column = column + mine_x * 4;
        ${list(OWN, (r) =>
          list(
            4,
            (q) =>
              `if (to_row + ${r} < u.m && to_column + ${q} < u.n) { y[(o * u.m + to_row + ${r}) * u.n + to_column + ${q}] = stored(sum${r}[${q}], to_column + ${q}); }`,
          ),
        )}
      }`,
  });
}
