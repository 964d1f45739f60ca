import type { Kernel } from '../kernel-table';
import { glslSineNear } from '../glsl-trigonometry';
import { GAMMA_ATTEMPTS, TRUNCATED_NORMAL_ATTEMPTS, type Distribution } from '../random';
import { uniformForm } from '../uniform';
import type { WebGLBackend } from './backend';
import { draw, type DrawCall } from './draw';
import { laneTypeOf } from './textures';

/** GLSL for the generator of ../random.ts, Threefry-2x32 with 20 rounds, and the numbers made from its words. */
const THREEFRY = `
  ${glslSineNear}
  uvec2 turn(uvec2 x, uint distance) {
    x.x += x.y;
    x.y = ((x.y << distance) | (x.y >> (32u - distance))) ^ x.x;
    return x;
  }
  uvec2 four(uvec2 x, uint a, uint b, uint c, uint d) { return turn(turn(turn(turn(x, a), b), c), d); }
  uvec2 threefry(uvec2 counter) {
    uvec2 key = uvec2(key0, key1);
    uint parity = 0x1bd11bdau ^ key.x ^ key.y;
    uvec2 x = four(counter + key, 13u, 15u, 26u, 6u) + uvec2(key.y, parity + 1u);
    x = four(x, 17u, 29u, 16u, 24u) + uvec2(parity, key.x + 2u);
    x = four(x, 13u, 15u, 26u, 6u) + uvec2(key.x, key.y + 3u);
    x = four(x, 17u, 29u, 16u, 24u) + uvec2(key.y, parity + 4u);
    return four(x, 13u, 15u, 26u, 6u) + uvec2(parity, key.x + 5u);
  }
  float unit_interval(uint word) { return float(word >> 8) * ${2 ** -24}; }
  float normal(uvec2 words) {
    return sqrt(-2.0 * log(1.0 - unit_interval(words.x))) * sine(6.283185307179586 * unit_interval(words.y), 1);
  }
`;

/** Statements that draw a number for element i and assign it to `z`, before it is scaled. */
const draws: Record<Distribution, string> = {
  uniform: 'float z = unit_interval(threefry(uvec2(i, 0)).x);',
  // A span of 2³² wraps to 0 as an int: then any word is taken.
  integer: 'uint word = threefry(uvec2(i, 0)).x; int z = int(span == 0 ? word : word % uint(span));',
  normal: 'float z = normal(threefry(uvec2(i, 0)));',
  truncatedNormal: `float z = 0.0;
    for (int attempt = 0; attempt < ${TRUNCATED_NORMAL_ATTEMPTS}; attempt++) {
      z = normal(threefry(uvec2(i, attempt)));
      if (abs(z) <= 2.0) break;
    }`,
  gamma: `float d = (shape < 1.0 ? shape + 1.0 : shape) - ${1 / 3};
    float cube = 1.0;
    uvec2 words;
    for (int attempt = 0; attempt < ${GAMMA_ATTEMPTS}; attempt++) {
      float deviate = normal(threefry(uvec2(i, 2 * attempt)));
      words = threefry(uvec2(i, 2 * attempt + 1));
      float root = 1.0 + deviate / sqrt(9.0 * d);
      cube = max(root * root * root, 0.0);
      if (cube > 0.0 &&
          log(1.0 - unit_interval(words.x)) < 0.5 * deviate * deviate + d * (1.0 - cube + log(cube))) break;
    }
    float z = d * cube * (shape < 1.0 ? pow(1.0 - unit_interval(words.y), 1.0 / shape) : 1.0);`,
};

/** Expressions for the value of element i, from `z`. */
const results: Record<Distribution, string> = {
  uniform: 'clamp(scale * (origin + rounded(z * span)), least, most)',
  integer: 'origin + z',
  normal: 'origin + rounded(z * span)',
  truncatedNormal: 'origin + rounded(z * span)',
  gamma: 'rounded(z * span)',
};

export const random: Kernel<WebGLBackend, 'random'> = (backend, _inputs, [y], attributes) => {
  const { distribution, key, a, b } = attributes;
  const integral = distribution === 'integer';
  const { low, range, ...limits } = uniformForm(a, b);
  const numbers: Record<Distribution, DrawCall['floats']> = {
    uniform: { origin: low, span: range, ...limits },
    integer: { origin: a, span: b - a },
    normal: { origin: a, span: b },
    truncatedNormal: { origin: a, span: b },
    gamma: { shape: a, span: b },
  };
  // int32 results are rounded down.
  const whole = laneTypeOf(y!.dtype) === 'int' && !integral;
  const result = results[distribution];
  draw(backend, {
    program: `random ${distribution}`,
    inputs: {},
    outputs: [y!],
    form: 'element',
    ints: { key, ...(integral && numbers.integer) },
    floats: integral ? {} : numbers[distribution],
    // `rounded` prevents a fused multiply-add, which rounds once instead of twice, so that all backends have the same bits. (The
    // compiler does not know that `nought` is 0.)
    source: () => `${THREEFRY}
      float rounded(float v) { return uintBitsToFloat(floatBitsToUint(v) ^ uint(nought)); }
      unit result(int i) { ${draws[distribution]} return unit(${whole ? `floor(${result})` : result}); }`,
  });
};
