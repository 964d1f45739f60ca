import * as fc from 'fast-check';
import { updateRules, type UpdateName } from '../../../src/kernels/optimizer-updates';
import type { Operand } from '../../support/run-kernel';
import { numbers } from '../../support/reference';
import { extents, ofShapes, tempers } from '../arbitraries';
import { float32, ofType, type Allowed, type Case, type Row, type Rows, type RunPlain } from '../case';
import { FLOAT_MAX, FLOAT_MIN, ROUNDING, magnitudes, ofFunction, ofSum } from '../rounding';

const random: Row<'random'> = {
  cases: fc
    .record({
      count: extents(257, 1),
      key: fc.tuple(fc.integer(), fc.integer()),
      drawn: fc.constantFrom(
        { distribution: 'uniform' as const, a: 0, b: 1 },
        { distribution: 'uniform' as const, a: -3, b: 1000.5 },
        { distribution: 'integer' as const, a: -5, b: 90 },
        { distribution: 'integer' as const, a: -(2 ** 31), b: 2 ** 31 - 1 },
        { distribution: 'normal' as const, a: 0.5, b: 1.75 },
      ),
    })
    .map(({ count, key, drawn }) => ({
      inputs: [],
      outputs: [ofType([count], drawn.distribution === 'integer' ? 'int32' : 'float32')],
      attributes: { ...drawn, key },
    })),
  // √(−2·log u)·cos(2πv): of a logarithm and a cosine whose errors are absolute; the root of a number near 0 doubles its digits' loss.
  allowed: ({ attributes: { distribution, a, b } }) => [
    (_, way) =>
      distribution === 'normal' || distribution === 'truncatedNormal'
        ? Math.abs(b) * (way === 'webgl' ? 2e-5 : 2e-6) * 6 + 4 * ROUNDING * Math.abs(a)
        : 0,
  ],
};

/**
 * Formulas that are stable backwards: what is found is the exact result of operands that each err by a few roundings. So the bound is
 * how far such operands may move the result, tried in several ways, and the result's own rounding.
 */
function byPerturbation<
  K extends 'update' | 'localResponseNormalization' | 'localResponseNormalizationGradient',
>(
  { inputs, outputs }: Case<K>,
  wanted: readonly (readonly number[])[],
  plain: RunPlain<K>,
  roundings: number,
  movedAttributes?: (move: (value: number) => number) => Case<K>['attributes'],
): Allowed[] {
  const next = numbers(1);
  const movedBy =
    (count: number) =>
    (value: number): number =>
      value * (1 + count * ROUNDING * (next() < 0.5 ? -1 : 1));
  const moved = (operand: Operand): Operand => ({
    ...operand,
    values: operand.values.map(movedBy(roundings)),
  });
  const trials = Array.from({ length: 16 }, () => plain(inputs.map(moved), movedAttributes?.(movedBy(1))));
  return outputs.map((_, k) => (i, way) => {
    let spread = 0;
    for (const trial of trials) {
      const distance = Math.abs(trial[k]![i]! - wanted[k]![i]!);
      if (Number.isNaN(distance)) continue;
      spread = Math.max(spread, distance);
    }
    return spread === Infinity ? Infinity : 4 * spread + ofFunction(wanted[k]![i]!, way) + FLOAT_MIN;
  });
}

/** As in use: a mean square decayed by less is little else than g², of which the centred rule takes g² away. */
const rates = [0.5, 0.625, 0.9, 0.99];

const update: Row<'update'> = {
  cases: fc
    .record({
      name: fc.constantFrom(...(Object.keys(updateRules) as UpdateName[])),
      count: extents(257, 1),
      seed: fc.array(fc.constantFrom(...rates), { minLength: 8, maxLength: 8 }),
    })
    .chain(({ name, count, seed }) => {
      const { slots, hyperparameters } = updateRules[name];
      const shape = [count];
      return ofShapes(
        [[shape], [shape], ...slots.map(() => [shape] as const)],
        fc.constantFrom('tame', 'special'),
      ).map((inputs) => ({
        // Slots that are squares are not negative.
        inputs: inputs.map((each, k) =>
          k < 2 ? each : { ...each, values: each.values.map((v) => Math.abs(v)) },
        ),
        outputs: [float32(shape), ...slots.map(() => float32(shape))],
        attributes: { name, hyperparameters: hyperparameters.map((_, i) => Math.fround(seed[i]!)) },
      }));
    }),
  // A product of two rates is rounded, and taken from 1: 1 − 0.99 · 0.99 keeps few of its digits.
  allowed: (drawn, wanted, plain) =>
    byPerturbation(drawn, wanted, plain, 16, (move) => ({
      ...drawn.attributes,
      hyperparameters: drawn.attributes.hyperparameters.map(move),
    })),
};

const batchNorms = fc.record({
  rows: extents(65, 1),
  period: extents(65, 1),
  epsilon: fc.constantFrom(1e-3, 0, 1e-8),
});

const finite = (value: number): number => (Number.isFinite(value) ? Math.abs(value) : 0);

const batchNorm: Row<'batchNorm'> = {
  cases: fc.tuple(batchNorms, tempers).chain(([{ rows, period, epsilon }, temper]) => {
    const each = [period];
    return ofShapes([[[rows, period]], [each], [each], [each], [each]], fc.constant(temper)).map(
      (inputs) => ({
        inputs: inputs.map((operand, k) =>
          k === 2
            ? { ...operand, values: operand.values.map((v, i) => (i % 5 === 0 ? 0 : Math.abs(v))) }
            : operand,
        ),
        outputs: [float32([rows, period])],
        attributes: { epsilon: Math.fround(epsilon) },
      }),
    );
  }),
  allowed: ({ inputs, attributes: { epsilon } }) => {
    const values = inputs.map((each) => each.values);
    const [x, mean, variance, offset, scale] = [values[0]!, values[1]!, values[2]!, values[3]!, values[4]!];
    const period = mean.length;
    return [
      (i) => {
        const c = i % period;
        const distance = finite(x[i]!) + finite(mean[c]!);
        const deviation = Math.sqrt(variance[c]! + epsilon);
        // Each order of the three operations has its own partial results.
        const partial = [
          distance,
          finite(scale[c]!) / deviation,
          distance / deviation,
          distance * finite(scale[c]!),
        ];
        if (deviation > 0 && partial.some((each) => each >= FLOAT_MAX)) return Infinity;
        const slope = finite(scale[c]!) / deviation;
        // A slope that is denormal may be 0, which an infinity makes NaN.
        if (slope > 0 && slope < FLOAT_MIN) return Infinity;
        const product = Number.isFinite(slope) ? distance * slope : 0;
        const denormal = Number.isFinite(slope)
          ? FLOAT_MIN * (1 + slope) * (1 + 1 / deviation) * (1 + finite(scale[c]!))
          : 0;
        return ofSum(8, product + finite(offset[c]!)) + (Number.isFinite(denormal) ? denormal : 0);
      },
    ];
  },
};

const batchNormGradient: Row<'batchNormGradient'> = {
  cases: batchNorms.chain(({ rows, period, epsilon }) => {
    const each = [period];
    return ofShapes([[[rows, period]], [[rows, period]], [each], [each]]).map((inputs) => ({
      inputs: inputs.map((operand, k) =>
        k === 3
          ? { ...operand, values: operand.values.map((v, i) => (i % 5 === 0 ? 0 : Math.abs(v))) }
          : operand,
      ),
      outputs: [float32(each), float32(each)],
      attributes: { epsilon: Math.fround(epsilon) },
    }));
  }),
  allowed: ({ inputs, attributes: { epsilon } }) => {
    const values = inputs.map((each) => each.values);
    const [dy, x, mean, variance] = [values[0]!, values[1]!, values[2]!, values[3]!];
    const period = mean.length;
    const rows = dy.length / period;
    const sums = (c: number, term: (i: number) => number): number => {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += term(row * period + c);
      return sum;
    };
    return [
      (c) =>
        ofSum(
          rows,
          sums(c, (i) => finite(dy[i]!)),
        ),
      (c) => {
        const deviation = Math.sqrt(variance[c]! + epsilon);
        let isBeyond = false;
        const products = sums(c, (i) => {
          const distance = finite(x[i]!) + finite(mean[c]!);
          const product = finite(dy[i]!) * distance;
          const partial = [distance, product, distance / deviation, product / deviation];
          isBeyond ||= deviation > 0 && partial.some((each) => each >= FLOAT_MAX);
          return product;
        });
        if (isBeyond || products >= FLOAT_MAX) return Infinity;
        if (deviation > 0) return ofSum(rows + 8, products / deviation) + (FLOAT_MIN / deviation) * rows * 4;
        // By 0: a product that may be 0 for being denormal gives NaN, and not an infinity.
        return products > 0 && products < FLOAT_MIN * rows ? Infinity : 0;
      },
    ];
  },
};

const normalizations = fc.record({
  pixels: extents(31, 1),
  channels: extents(17, 1),
  radius: fc.constantFrom(0, 1, 2, 5),
  bias: fc.constantFrom(1, 0.5, 2),
  alpha: fc.constantFrom(1, 0.25, 1e-3),
  beta: fc.constantFrom(0.5, 0.75, 1),
});

const localResponseNormalization: Row<'localResponseNormalization'> = {
  cases: normalizations.chain(({ pixels, ...attributes }) =>
    ofShapes([[[pixels, attributes.channels]]], fc.constantFrom('tame', 'special')).map((inputs) => ({
      inputs,
      outputs: [float32([pixels, attributes.channels])],
      attributes,
    })),
  ),
  allowed: (drawn, wanted, plain) => byPerturbation(drawn, wanted, plain, 16),
};

const localResponseNormalizationGradient: Row<'localResponseNormalizationGradient'> = {
  cases: normalizations.chain(({ pixels, ...attributes }) => {
    const shape = [pixels, attributes.channels];
    return ofShapes([[shape], [shape]], fc.constantFrom('tame', 'special')).map((inputs) => ({
      inputs,
      outputs: [float32(shape)],
      attributes,
    }));
  }),
  // The difference of the direct part and the others' share: both are bounded by |dy| and the sum of the |dy| around, times 2·beta.
  allowed: (drawn, wanted, plain) => {
    const perturbed = byPerturbation(drawn, wanted, plain, 16)[0]!;
    const { channels, radius, beta, bias } = drawn.attributes;
    const dy = magnitudes(drawn.inputs[1]!).values;
    return [
      (i, way) => {
        const pixel = Math.floor(i / channels) * channels;
        const c = i - pixel;
        let around = 0;
        for (let k = Math.max(0, c - radius); k <= Math.min(channels - 1, c + radius); k++)
          around += dy[pixel + k]!;
        const share = (1 + 2 * beta) * around * Math.max(1, bias ** -beta);
        return perturbed(i, way) + ofSum(24, share) + (way === 'webgl' ? 1e-5 * share : 0);
      },
    ];
  },
};

export const trainingRows: Pick<
  Rows,
  | 'batchNorm'
  | 'batchNormGradient'
  | 'localResponseNormalization'
  | 'localResponseNormalizationGradient'
  | 'random'
  | 'update'
> = {
  batchNorm,
  batchNormGradient,
  localResponseNormalization,
  localResponseNormalizationGradient,
  random,
  update,
};
