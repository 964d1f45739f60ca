import { floatsOf, offsetOf, withScratch, type CpuBackend } from '../../kernels/cpu/backend';
import { instantiate } from '../../kernels/cpu/simd/packed-module';
import type { FourierAttributes } from '../../kernels/fourier';
import type { Kernel } from '../../kernels/kernel-table';
import { FOURIER_MODULE, type FourierExports } from './fourier.wasm';
import { plainFourier } from './plain-fourier';
import { halfOf, passesOf, radicesOf, roots32 } from './roots';

/** Rows that are transformed at once, one in each lane. */
const LANES = 4;
/** Bytes of a complex vector, of a pair and of a number. */
const ELEMENT = 32;
const PAIR = 8;
const NUMBER = 4;
/** Where the real parts are in an element that has them swapped with the imaginary ones. */
const SWAPPED = 16;

const compiled = new WeakMap<CpuBackend, FourierExports | null>();

/** The functions over the backend's memory; null where its kernels are plain TypeScript. */
function compiledFor(backend: CpuBackend): FourierExports | null {
  let exports = compiled.get(backend);
  if (exports === undefined) {
    const { level, linear } = backend;
    exports =
      level === undefined
        ? null
        : (instantiate(FOURIER_MODULE, linear.memory as WebAssembly.Memory) as FourierExports | null);
    compiled.set(backend, exports);
  }
  return exports;
}

export const cpuFourier: Kernel<CpuBackend, 'fourier'> = (backend, [x], [y], attributes) => {
  const exports = compiledFor(backend);
  if (!exports) {
    plainFourier(floatsOf(backend, x!), floatsOf(backend, y!), attributes);
    return;
  }
  const { length } = attributes;
  const isPacked = attributes.kind !== 'complex' && length % 2 === 0;
  const inner = isPacked ? length / 2 : length;
  // A half spectrum may have one element more than what is transformed.
  const bufferBytes = (inner + 1) * ELEMENT;
  const tableBytes = PAIR * (inner + (isPacked ? length : 0));
  withScratch(backend, 2 * bufferBytes + tableBytes, (a) => {
    const roots = a + 2 * bufferBytes;
    const outer = roots + PAIR * inner;
    const tables = new Float32Array(backend.linear.buffer, roots, tableBytes / NUMBER);
    tables.set(roots32(inner));
    if (isPacked) tables.set(roots32(length), 2 * inner);
    const work = { exports, attributes, inner, a, b: a + bufferBytes, roots, outer };
    for (let row = 0; row < attributes.rows; row += LANES)
      transformRows(work, offsetOf(x!), offsetOf(y!), row);
  });
};

interface Work {
  readonly exports: FourierExports;
  readonly attributes: FourierAttributes;
  /** The length of what is transformed: pairs of real values are complex ones. */
  readonly inner: number;
  /** Two buffers. */
  readonly a: number;
  readonly b: number;
  /** The roots of `inner`, and those of the whole length. */
  readonly roots: number;
  readonly outer: number;
}

type Four = [number, number, number, number];

function transformRows(work: Work, x: number, y: number, row: number): void {
  const { exports: e, attributes, inner, outer } = work;
  const { kind, length, inverse, scale, middle, rows } = attributes;
  const count = Math.min(LANES, rows - row);
  const half = halfOf(length);
  const spectrum = half * PAIR;
  // Lanes without a row compute the last one again, and are not written.
  const rowsAt = (offset: number, bytes: number): Four =>
    [0, 1, 2, 3].map((lane) => offset + (row + Math.min(lane, count - 1)) * bytes) as Four;
  const isPacked = inner < length;

  if (kind === 'complex') {
    const first = inverse ? SWAPPED : 0;
    e.readPairs(...rowsAt(x, length * PAIR), work.a, length, first);
    const found = pass(work, work.a);
    e.writePairs(found, ...rowsAt(y, length * PAIR), count, length, first, scale);
  } else if (kind === 'toHalf') {
    if (isPacked) e.readPairs(...rowsAt(x, length * NUMBER), work.a, inner, 0);
    else e.readReals(...rowsAt(x, length * NUMBER), work.a, length);
    let found = pass(work, work.a);
    if (isPacked) {
      const other = found === work.a ? work.b : work.a;
      e.untangle(found, other, inner, outer, middle);
      found = other;
    } else if (middle !== 1) e.multiply(found, 1, half, middle);
    e.writePairs(found, ...rowsAt(y, spectrum), count, half, 0, scale);
  } else {
    e.readPairs(...rowsAt(x, spectrum), work.a, half, 0);
    if (isPacked) e.tangle(work.a, work.b, inner, outer, middle);
    else e.mirror(work.a, work.b, length, middle);
    const found = pass(work, work.b);
    const to = rowsAt(y, length * NUMBER);
    if (isPacked) e.writePairs(found, ...to, count, inner, SWAPPED, scale);
    else e.writeReals(found, ...to, count, length, SWAPPED, scale);
  }
}

/** Transforms what is in one of the buffers. Returns the buffer that has the result. */
function pass({ exports: e, inner, a, b, roots }: Work, from: number): number {
  const passes = { 2: e.pass2, 3: e.pass3, 4: e.pass4, 5: e.pass5 };
  let to = from === a ? b : a;
  for (const { radix, parts, together } of passesOf(inner, radicesOf(inner)!)) {
    passes[radix as keyof typeof passes](from, to, parts, together, roots);
    [from, to] = [to, from];
  }
  return from;
}
