import type { TensorInfo } from '../../kernels/backend';
import type { FourierAttributes } from '../../kernels/fourier';
import { glslSineNear } from '../../kernels/glsl-trigonometry';
import type { Kernel } from '../../kernels/kernel-table';
import type { WebGLBackend } from '../../kernels/webgl/backend';
import { draw } from '../../kernels/webgl/draw';
import { halfOf, passesOf, radicesOf, type Pass } from './roots';

/** The greatest radix of a pass: more would need more reads for each value than a further pass. */
const GREATEST_RADIX = 8;

/** The radices of n, joined to larger ones: passes cost more than the terms of a sum. */
function joinedRadices(n: number): number[] {
  const joined: number[] = [];
  let rest = n;
  for (let radix = GREATEST_RADIX; radix > 1; radix--) {
    if (!radicesOf(radix)) continue;
    for (; rest % radix === 0; rest /= radix) joined.push(radix);
  }
  return joined;
}

/** `root(j, n)` = exp(−2πij/n) for 0 ≤ j < n, accurate to rounding: whole numbers tell the quarter turn, the rest is at most an eighth. */
const ROOT = `${glslSineNear}
vec2 root(int j, int count) {
  int quarter = int(floor(4.0 * float(j) / float(count) + 0.5));
  float angle = float(4 * j - quarter * count) * (1.5707963267948966 / float(count));
  return vec2(sine_of(angle, quarter + 1), -sine_of(angle, quarter));
}
vec2 times(vec2 a, vec2 b) { return vec2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }`;

/** Where an input has pairs, the pair of complex index c. */
const PAIR_AT = `
vec2 pair_at(int c) {
  vec4 v = x_texel(c >> 1);
  return (c & 1) == 0 ? v.xy : v.zw;
}`;

/** One draw: what it reads is `from`. */
interface Step {
  /** The elements that it writes. */
  readonly size: number;
  readonly run: (from: TensorInfo, to: TensorInfo) => void;
}

/** Texels of the output hold two complex values: `vec2 value(int c)` computes that of complex index c. */
const OF_VALUES = 'vec4 result(int i) { return vec4(value(2 * i), value(2 * i + 1)); }';

function passStep(
  backend: WebGLBackend,
  n: number,
  rows: number,
  { radix, parts, together }: Pass,
  sign: number,
  scale: number,
): Step {
  // Two neighbours of the output are then of the same butterfly, and read the same texels.
  const isPaired = together % 2 === 0;
  const run = (from: TensorInfo, to: TensorInfo): void => {
    draw(backend, {
      program: `fourier pass${isPaired ? ' paired' : ''}`,
      inputs: { x: from },
      outputs: [to],
      form: 'texel',
      // The names are macros in the source: none may be one that it uses otherwise.
      ints: { whole: n, radix, parts, together },
      floats: { direction: sign, scale },
      // Σ x[k]·e^k by Horner's rule, then the root of the place.
      source: () => `
        ${ROOT}
        ${PAIR_AT}
        ${
          isPaired
            ? 'vec4 both(vec4 a, vec2 b) { return vec4(times(a.xy, b), times(a.zw, b)); }'
            : '#define both times'
        }
        ${isPaired ? 'vec4' : 'vec2'} value(int c) {
          int row = over_whole(c), j = c - row * whole;
          int line = over_together(j), q = j - line * together;
          int p = over_radix(line), r = line - p * radix;
          int first = row * whole + q + together * p, step = together * parts;
          vec2 w = root(r, radix);
          w.y *= direction;
          ${isPaired ? 'vec4' : 'vec2'} sum = ${isPaired ? 'x_texel((first + (radix - 1) * step) >> 1)' : 'pair_at(first + (radix - 1) * step)'};
          for (int k = radix - 2; k >= 0; k--) {
            sum = both(sum, w) + ${isPaired ? 'x_texel((first + k * step) >> 1)' : 'pair_at(first + k * step)'};
          }
          w = root(p * r * together, whole);
          w.y *= direction;
          return both(sum, w) * scale;
        }
        ${isPaired ? 'vec4 result(int i) { return value(2 * i); }' : OF_VALUES}`,
    });
  };
  return { size: 2 * n * rows, run };
}

/** A draw of `value`s, or of `result`s, that follow from x and the attributes alone. */
function otherStep(
  backend: WebGLBackend,
  name: string,
  size: number,
  ints: Readonly<Record<string, number>>,
  floats: Readonly<Record<string, number>>,
  body: string,
): Step {
  const isOfValues = body.includes('vec2 value(');
  const run = (from: TensorInfo, to: TensorInfo): void =>
    draw(backend, {
      program: `fourier ${name}`,
      inputs: { x: from },
      outputs: [to],
      form: isOfValues ? 'texel' : 'element',
      ints,
      floats,
      source: () => `${ROOT}${PAIR_AT}${body}${isOfValues ? OF_VALUES : ''}`,
    });
  return { size, run };
}

/** The passes of rows of n complex values. Without one, a copy. */
function passSteps(backend: WebGLBackend, n: number, rows: number, sign: number, scale: number): Step[] {
  const passes = passesOf(n, n === 1 ? [1] : joinedRadices(n));
  return passes.map((pass, i) => passStep(backend, n, rows, pass, sign, i === 0 ? scale : 1));
}

function stepsOf(backend: WebGLBackend, attributes: FourierAttributes): Step[] {
  const { kind, rows, length, inverse, scale, middle } = attributes;
  if (kind === 'complex') return passSteps(backend, length, rows, inverse ? -1 : 1, scale);
  const half = halfOf(length);
  const isPacked = length % 2 === 0;
  const inner = isPacked ? length / 2 : length;
  const ints = { whole: length, bins: half, inner };
  if (kind === 'toHalf') {
    const passes = passSteps(backend, inner, rows, 1, scale);
    const size = 2 * half * rows;
    // See `untangle` in cpu/simd/assembly/fourier.ts.
    const untangle = `vec2 value(int c) {
      int row = over_bins(c), k = c - row * bins;
      vec2 a = pair_at(row * inner + (k == inner ? 0 : k)), b = pair_at(row * inner + (k == 0 ? 0 : inner - k));
      vec2 s = vec2(a.x + b.x, a.y - b.y), d = vec2(a.x - b.x, a.y + b.y), w = root(k, whole);
      return (s + times(vec2(w.y, -w.x), d)) * (k == 0 || k == inner ? 0.5 : 0.5 * middle);
    }`;
    const first = `vec2 value(int c) {
      int row = over_bins(c), k = c - row * bins;
      return pair_at(row * whole + k) * (k == 0 ? 1.0 : middle);
    }`;
    if (isPacked) return [...passes, otherStep(backend, 'untangle', size, ints, { middle }, untangle)];
    const toComplex = 'float result(int i) { return (i & 1) == 0 ? x_at(i >> 1) : 0.0; }';
    return [
      otherStep(backend, 'complex', 2 * length * rows, {}, {}, toComplex),
      ...passes,
      otherStep(backend, 'first half', size, ints, { middle }, first),
    ];
  }
  const tangle = `vec2 value(int c) {
    int row = over_inner(c), k = c - row * inner;
    vec2 a = pair_at(row * bins + k), b = pair_at(row * bins + inner - k);
    if (k == 0) return vec2(a.x + b.x, a.x - b.x);
    vec2 s = vec2(a.x + b.x, a.y - b.y), d = vec2(a.x - b.x, a.y + b.y), w = root(k, whole);
    return (s + times(vec2(w.y, w.x), d)) * (0.5 * middle);
  }`;
  const mirror = `vec2 value(int c) {
    int row = over_whole(c), k = c - row * whole;
    vec2 a = pair_at(row * bins + (k < bins ? k : whole - k));
    return k == 0 ? vec2(a.x, 0.0) : vec2(a.x, k < bins ? a.y : -a.y) * (0.5 * middle);
  }`;
  const passes = passSteps(backend, inner, rows, -1, scale);
  if (isPacked) return [otherStep(backend, 'tangle', length * rows, ints, { middle }, tangle), ...passes];
  const realParts = 'float result(int i) { return x_at(2 * i); }';
  return [
    otherStep(backend, 'mirror', 2 * length * rows, ints, { middle }, mirror),
    ...passes,
    otherStep(backend, 'real parts', length * rows, {}, {}, realParts),
  ];
}

/** Each step draws into scratch memory that goes back to the pool as soon as the next has read it; the last one into the output. */
export const webglFourier: Kernel<WebGLBackend, 'fourier'> = (backend, [x], [y], attributes) => {
  const steps = stepsOf(backend, attributes);
  let from = x!;
  let held: unknown = null;
  try {
    steps.forEach(({ size, run }, i) => {
      const isLast = i === steps.length - 1;
      const to = isLast
        ? y!
        : { shape: [size], dtype: 'float32' as const, size, handle: backend.allocate(size, 'float32') };
      const before = held;
      held = isLast ? null : to.handle;
      try {
        if (!isLast) backend.allocateTexture(to);
        run(from, to);
      } finally {
        if (before !== null) backend.free(before);
      }
      from = to;
    });
  } finally {
    if (held !== null) backend.free(held);
  }
};
