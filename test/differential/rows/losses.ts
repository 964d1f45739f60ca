import * as fc from 'fast-check';
import { between, bits, filledShapes, integers, ofShape } from '../arbitraries';
import type { Argument, Operand } from '../operand';
import { tf } from '../oracle';
import type { Call, Row, Rows } from '../row';

type Drawn = fc.Arbitrary<readonly Argument[]>;

/** Reduction: none, mean, sum, sum by weights that are not 0. */
const reductions = integers(0, 3);
const unit = between(0.125, 0.875);
const values = between(-3, 3);

/** Weights, some of which are 0, or none. */
const weightsFor = (shape: readonly number[]): fc.Arbitrary<Operand | undefined> =>
  fc.oneof(
    fc.constant(undefined),
    ofShape(shape, fc.constantFrom(0, 0.5, 1, 2)),
    ofShape([], fc.constantFrom(0.5, 2)),
  );

/** Labels, predictions, weights, what else there is, and a reduction. */
function loss(
  labels: fc.Arbitrary<number>,
  predictions: fc.Arbitrary<number>,
  between_: readonly fc.Arbitrary<Argument>[] = [],
  options: Partial<Row> = {},
): Row {
  const args: Drawn = filledShapes(1, 3).chain((shape) =>
    fc.tuple(ofShape(shape, labels), ofShape(shape, predictions), weightsFor(shape), ...between_, reductions),
  );
  return { args, gradient: args, by: [1], ...options };
}

const alongAxis: Drawn = filledShapes(2, 3).chain((shape) =>
  integers(0, shape.length - 1).chain((axis) => {
    const reduced = shape.map((extent, i) => (i === axis ? 1 : extent));
    return fc.tuple(
      ofShape(shape, values),
      ofShape(shape, values),
      fc.constant(axis),
      weightsFor(reduced),
      reductions,
    );
  }),
);

const categories: Drawn = filledShapes(2, 2).chain(([rows, classes]) =>
  fc.tuple(
    fc.array(integers(0, classes! - 1), { minLength: rows!, maxLength: rows! }).map((chosen): Operand => ({
      dtype: 'float32',
      shape: [rows!, classes!],
      values: chosen.flatMap((c) => Array.from({ length: classes! }, (_, i) => (i === c ? 1 : 0))),
    })),
    ofShape([rows!, classes!], values),
    weightsFor([rows!]),
    fc.constantFrom(0, 0.25),
    reductions,
  ),
);

const weighted: Drawn = filledShapes(1, 3).chain((shape) =>
  fc.tuple(ofShape(shape, values), weightsFor(shape), reductions),
);

const rows: Rows = {
  absoluteDifference: loss(
    values,
    values.map((v) => v + 1 / 128),
  ),
  meanSquaredError: loss(values, values),
  hingeLoss: loss(
    bits,
    values.map((v) => v + 1 / 128),
  ),
  huberLoss: loss(
    values,
    values.map((v) => v + 1 / 128),
    [fc.constantFrom(0.5, 1)],
  ),
  logLoss: loss(bits, unit, [fc.constantFrom(1e-7, 1e-3)]),
  sigmoidCrossEntropy: loss(bits, values, [fc.constantFrom(0, 0.25)]),
  softmaxCrossEntropy: { args: categories, gradient: categories, by: [1] },
  cosineDistance: { args: alongAxis, gradient: alongAxis, by: [0, 1] },
  computeWeightedLoss: { args: weighted, gradient: weighted, by: [0] },
};

/** Where weights stand that are not the third argument. */
const weightsAt: Readonly<Record<string, number>> = { cosineDistance: 3, computeWeightedLoss: 1 };

/** A mean by weights that are all 0 is 0 here, with gradients of 0; TensorFlow.js gives NaN, which is 0/0. */
function hasMean(args: readonly Argument[], name: string): boolean {
  const weights = args[weightsAt[name] ?? 2] as Operand | undefined;
  const isMean = args.at(-1) === 1 || args.at(-1) === 3;
  return !isMean || weights === undefined || weights.values.some((each) => each !== 0);
}

export const losses: Rows = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [
    `losses.${name}`,
    {
      ...row,
      args: row.args.filter((args) => hasMean(args, name)),
      gradient: (row.gradient as Drawn).filter((args) => hasMean(args, name)),
      oracle: (tf.losses as unknown as Record<string, Call>)[name]!,
    },
  ]),
);
