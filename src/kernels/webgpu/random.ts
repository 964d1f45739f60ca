import type { Kernel } from '../kernel-table';
import { glslSineNear } from '../glsl-trigonometry';
import { GAMMA_ATTEMPTS, TRUNCATED_NORMAL_ATTEMPTS, type Distribution } from '../random';
import { uniformForm } from '../uniform';
import type { WebGPUBackend } from './backend';
import { dispatch, typeOf, type Numbers } from './dispatch';
import { functionsOf } from './prelude';

/** WGSL for the generator of ../random.ts, Threefry-2x32 with 20 rounds, and the numbers made from its words. */
const threefrySource = (): string => `
  ${functionsOf(glslSineNear)}
  fn turned(given: vec2u, distance: u32) -> vec2u {
    let sum = given.x + given.y;
    return vec2u(sum, ((given.y << distance) | (given.y >> (32u - distance))) ^ sum);
  }
  fn four(x: vec2u, a: u32, b: u32, c: u32, d: u32) -> vec2u { return turned(turned(turned(turned(x, a), b), c), d); }
  fn threefry(element: i32, attempt: i32) -> vec2u {
    let key = vec2u(bitcast<u32>(u.key0), bitcast<u32>(u.key1));
    let parity = 0x1bd11bdau ^ key.x ^ key.y;
    var x = four(vec2u(u32(element), u32(attempt)) + key, 13u, 15u, 26u, 6u) + vec2u(key.y, parity + 1u);
    x = four(x, 17u, 29u, 16u, 24u) + vec2u(parity, key.x + 2u);
    x = four(x, 13u, 15u, 26u, 6u) + vec2u(key.x, key.y + 3u);
    x = four(x, 17u, 29u, 16u, 24u) + vec2u(key.y, parity + 4u);
    return four(x, 13u, 15u, 26u, 6u) + vec2u(parity, key.x + 5u);
  }
  fn unit_interval(word: u32) -> f32 { return f32(word >> 8u) * ${2 ** -24}; }
  fn normal(words: vec2u) -> f32 {
    return sqrt(-2.0 * log(1.0 - unit_interval(words.x))) * sine(6.283185307179586 * unit_interval(words.y), 1);
  }
  /** Keeps a compiler from fusing a product with a sum, which would round once instead of twice: it does not know that nought is 0. */
  fn rounded(v: f32) -> f32 { return bitcast<f32>(bitcast<u32>(v) ^ u32(u.nought)); }
`;

/** Statements that draw a number for element i and assign it to `z`, before it is scaled. */
const draws: Record<Distribution, string> = {
  uniform: 'let z = unit_interval(threefry(i, 0).x);',
  // A span of 2³² wraps to 0 as an int: then any word is taken.
  integer: `let word = threefry(i, 0).x;
    var z = bitcast<i32>(word);
    if (u.span != 0) { z = bitcast<i32>(word % bitcast<u32>(u.span)); }`,
  normal: 'let z = normal(threefry(i, 0));',
  truncatedNormal: `var z = 0.0;
    for (var attempt = 0; attempt < ${TRUNCATED_NORMAL_ATTEMPTS}; attempt++) {
      z = normal(threefry(i, attempt));
      if (abs(z) <= 2.0) { break; }
    }`,
  gamma: `let d = select(u.form, u.form + 1.0, u.form < 1.0) - ${1 / 3};
    var cube = 1.0;
    var words: vec2u;
    for (var attempt = 0; attempt < ${GAMMA_ATTEMPTS}; attempt++) {
      let deviate = normal(threefry(i, 2 * attempt));
      words = threefry(i, 2 * attempt + 1);
      let root = 1.0 + deviate / sqrt(9.0 * d);
      cube = max(root * root * root, 0.0);
      if (cube > 0.0 &&
          log(1.0 - unit_interval(words.x)) < 0.5 * deviate * deviate + d * (1.0 - cube + log(cube))) { break; }
    }
    var boost = 1.0;
    if (u.form < 1.0) { boost = pow(1.0 - unit_interval(words.y), 1.0 / u.form); }
    let z = d * cube * boost;`,
};

/** Expressions for the value of element i, from `z`. */
const results: Record<Distribution, string> = {
  uniform: 'clamp(u.scale * (u.origin + rounded(z * u.span)), u.least, u.most)',
  integer: 'u.origin + z',
  normal: 'u.origin + rounded(z * u.span)',
  truncatedNormal: 'u.origin + rounded(z * u.span)',
  gamma: 'rounded(z * u.span)',
};

export const random: Kernel<WebGPUBackend, 'random'> = (backend, _inputs, [y], attributes) => {
  const { distribution, key, a, b } = attributes;
  const { low, range, ...limits } = uniformForm(a, b);
  const numbers: Record<Distribution, Numbers> = {
    uniform: { origin: low, span: range, ...limits },
    integer: { origin: a, span: b - a },
    normal: { origin: a, span: b },
    truncatedNormal: { origin: a, span: b },
    gamma: { form: a, span: b },
  };
  const integral = distribution === 'integer';
  // int32 results are rounded down.
  const whole = typeOf(y!.dtype) === 'i32' && !integral;
  const result = results[distribution];
  dispatch(backend, {
    program: `random ${distribution}`,
    inputs: {},
    outputs: { y: y! },
    form: 'element',
    ints: { key, nought: 0, ...(integral && numbers.integer) },
    floats: integral ? {} : numbers[distribution],
    source: () => `${threefrySource()}
      fn result(i: i32) -> T { ${draws[distribution]} return T(${whole ? `floor(${result})` : result}); }`,
  });
};
