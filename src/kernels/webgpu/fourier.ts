import type { TensorInfo } from '../backend';
import type { FourierAttributes } from '../fourier';
import { glslSineNear } from '../glsl-trigonometry';
import type { Kernel } from '../kernel-table';
import type { WebGPUBackend } from './backend';
import { dispatch, type Numbers } from './dispatch';
import { functionsOf } from './prelude';

/** The radices of passes. Greater ones would need more reads for each value than a further pass. */
const RADICES = [8, 6, 5, 4, 3, 2] as const;

/** The radices of n, a product of 2, 3, 4 and 5: few, since passes cost more than the terms of a sum. One has a pass that copies. */
function radicesOf(n: number): number[] {
  const found: number[] = [];
  let rest = n;
  for (const radix of RADICES) for (; rest % radix === 0; rest /= radix) found.push(radix);
  return found.length > 0 ? found : [1];
}

/** WGSL of complex numbers. `root(j, n)` = exp(−2πij/n) for 0 ≤ j < n, accurate to rounding: whole numbers tell the quarter turn, the rest is at most an eighth. */
const complexSource = (): string => `
  ${functionsOf(glslSineNear)}
  fn root(j: i32, n: i32) -> vec2f {
    let quarter = i32(floor(4.0 * f32(j) / f32(n) + 0.5));
    let angle = f32(4 * j - quarter * n) * (1.5707963267948966 / f32(n));
    return vec2f(sine_of(angle, quarter + 1), -sine_of(angle, quarter));
  }
  fn times(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
`;

/** One run of a shader: `fn value(c: i32) -> vec2f` computes complex value c from the values `pair_at(c)` of the step before. */
interface Step {
  readonly program: string;
  /** The complex values that it computes. */
  readonly count: number;
  /** Whether it reads, or writes, real values only. */
  readonly readsReal?: boolean;
  readonly writesReal?: boolean;
  readonly ints: Numbers;
  readonly floats?: Numbers;
  readonly source: string;
}

/** One pass of Stockham's algorithm: Σ x[k]·e^k by Horner's rule, then the root of the place. */
const PASS = `
  fn value(c: i32) -> vec2f {
    let row = c / u.whole;
    let j = c - row * u.whole;
    let line = j / u.together;
    let q = j - line * u.together;
    let p = line / u.radix;
    let r = line - p * u.radix;
    let first = row * u.whole + q + u.together * p;
    let step = u.together * u.parts;
    var w = root(r, u.radix);
    w.y *= u.direction;
    var sum = pair_at(first + (u.radix - 1) * step);
    for (var k = u.radix - 2; k >= 0; k--) { sum = times(sum, w) + pair_at(first + k * step); }
    w = root(p * r * u.together, u.whole);
    w.y *= u.direction;
    return times(sum, w) * u.scale;
  }`;

/** The passes of rows of n complex values. */
function passes(n: number, rows: number, direction: number, scale: number): Step[] {
  let together = 1;
  return radicesOf(n).map((radix, i) => {
    const ints = { whole: n, radix, parts: n / together / radix, together };
    together *= radix;
    return {
      program: 'pass',
      count: n * rows,
      ints,
      floats: { direction, scale: i === 0 ? scale : 1 },
      source: PASS,
    };
  });
}

/** Real values of an even length are transformed as complex values of half the length; `untangle` and `tangle` go between the two spectra. */
function stepsOf({ kind, rows, length, inverse, scale, middle }: FourierAttributes): Step[] {
  if (kind === 'complex') return passes(length, rows, inverse ? -1 : 1, scale);
  const bins = Math.floor(length / 2) + 1;
  const isPacked = length % 2 === 0;
  const inner = isPacked ? length / 2 : length;
  const numbers = { ints: { whole: length, bins, inner }, floats: { middle } };
  if (kind === 'toHalf') {
    const transform = passes(inner, rows, 1, scale);
    if (isPacked) {
      const untangle = `
        fn value(c: i32) -> vec2f {
          let row = c / u.bins;
          let k = c - row * u.bins;
          let a = pair_at(row * u.inner + select(k, 0, k == u.inner));
          let b = pair_at(row * u.inner + select(u.inner - k, 0, k == 0));
          let w = root(k, u.whole);
          return (vec2f(a.x + b.x, a.y - b.y) + times(vec2f(w.y, -w.x), vec2f(a.x - b.x, a.y + b.y)))
            * select(0.5 * u.middle, 0.5, k == 0 || k == u.inner);
        }`;
      return [...transform, { program: 'untangle', count: bins * rows, ...numbers, source: untangle }];
    }
    const half = `
      fn value(c: i32) -> vec2f {
        let row = c / u.bins;
        let k = c - row * u.bins;
        return pair_at(row * u.whole + k) * select(u.middle, 1.0, k == 0);
      }`;
    const [first, ...others] = transform;
    return [
      { ...first!, readsReal: true },
      ...others,
      { program: 'half', count: bins * rows, ...numbers, source: half },
    ];
  }
  const transform = passes(inner, rows, -1, scale);
  if (isPacked) {
    const tangle = `
      fn value(c: i32) -> vec2f {
        let row = c / u.inner;
        let k = c - row * u.inner;
        let a = pair_at(row * u.bins + k);
        let b = pair_at(row * u.bins + u.inner - k);
        if (k == 0) { return vec2f(a.x + b.x, a.x - b.x); }
        let w = root(k, u.whole);
        return (vec2f(a.x + b.x, a.y - b.y) + times(vec2f(w.y, w.x), vec2f(a.x - b.x, a.y + b.y))) * (0.5 * u.middle);
      }`;
    return [{ program: 'tangle', count: inner * rows, ...numbers, source: tangle }, ...transform];
  }
  const mirror = `
    fn value(c: i32) -> vec2f {
      let row = c / u.whole;
      let k = c - row * u.whole;
      let a = pair_at(row * u.bins + select(u.whole - k, k, k < u.bins));
      if (k == 0) { return vec2f(a.x, 0.0); }
      return vec2f(a.x, select(-a.y, a.y, k < u.bins)) * (0.5 * u.middle);
    }`;
  const last = transform.pop()!;
  return [
    { program: 'mirror', count: length * rows, ...numbers, source: mirror },
    ...transform,
    { ...last, writesReal: true },
  ];
}

/** Each step writes into scratch memory that is free as soon as the next has read it; the last one into the output. */
export const fourier: Kernel<WebGPUBackend, 'fourier'> = (backend, [x], [y], attributes) => {
  const steps = stepsOf(attributes);
  let from = x!;
  let held: unknown = null;
  try {
    steps.forEach((step, i) => {
      const size = 2 * step.count;
      const isLast = i === steps.length - 1;
      const to: TensorInfo = isLast
        ? y!
        : { shape: [size], dtype: 'float32', size, handle: backend.allocate(size, 'float32') };
      const before = held;
      held = isLast ? null : to.handle;
      try {
        run(backend, step, from, to);
      } finally {
        if (before !== null) backend.free(before);
      }
      from = to;
    });
  } finally {
    if (held !== null) backend.free(held);
  }
};

function run(backend: WebGPUBackend, step: Step, x: TensorInfo, y: TensorInfo): void {
  const { program, count, readsReal, writesReal, ints, floats = {}, source } = step;
  dispatch(backend, {
    program: `fourier ${program} ${readsReal ? 'of real' : ''} ${writesReal ? 'to real' : ''}`,
    inputs: { x },
    outputs: { y },
    form: 'cell',
    count,
    ints,
    floats,
    source: () => `
      ${complexSource()}
      fn pair_at(c: i32) -> vec2f { return ${readsReal ? 'vec2f(x[c], 0.0)' : 'vec2f(x[2 * c], x[2 * c + 1])'}; }
      ${source}
      fn work(c: i32) {
        let v = value(c);
        ${writesReal ? 'y[c] = v.x;' : 'y[2 * c] = v.x; y[2 * c + 1] = v.y;'}
      }`,
  });
}
