import * as fc from 'fast-check';
import type { ReductionName } from '../../../src/kernels';
import { axisViews, dtypes, extents, ofShapes, rowViews } from '../arbitraries';
import { float32, int32, ofType, type Allowed, type Row, type Rows } from '../case';
import { FLOAT_MAX, FLOAT_MIN, ROUNDING, magnitudes, ofSum, ofSums } from '../rounding';

const reduce: Row<'reduce'> = {
  cases: fc
    .record({
      view: axisViews,
      name: fc.constantFrom<ReductionName>('sum', 'mean', 'prod', 'max', 'min', 'all', 'any'),
      drawn: fc.constantFrom('float32' as const, 'int32' as const),
    })
    .chain(({ view, name, drawn }) => {
      const dtype = name === 'all' || name === 'any' ? 'bool' : name === 'mean' ? 'float32' : drawn;
      const { outer, extent, inner } = view;
      return ofShapes([[[outer, extent, inner], dtype]]).map((inputs) => ({
        inputs,
        outputs: [ofType([outer, inner], dtype)],
        attributes: { name, ...view },
      }));
    }),
  allowed: ({ inputs, attributes }, [wanted], plain) => {
    const { name, extent, outer, inner } = attributes;
    if (name === 'prod') return [ofProducts(inputs[0]!.values, { outer, extent, inner }, wanted!)];
    if (name !== 'sum' && name !== 'mean') return [() => 0];
    const [sums] = plain(inputs.map(magnitudes), { ...attributes, name: 'sum' });
    const divisor = name === 'mean' ? Math.max(extent, 1) : 1;
    return [(i) => ofSum(extent, sums![i]!) / divisor + FLOAT_MIN];
  },
};

/**
 * A product of n numbers has n − 1 roundings, whatever its order. Where some of the factors alone would leave the range at either
 * end, the order decides, and nothing can be said.
 */
function ofProducts(
  x: readonly number[],
  { extent, inner }: { outer: number; extent: number; inner: number },
  wanted: readonly number[],
): Allowed {
  return (i) => {
    const first = Math.floor(i / inner) * extent * inner + (i % inner);
    let [growing, shrinking] = [0, 0];
    for (let e = 0; e < extent; e++) {
      const magnitude = Math.abs(x[first + e * inner]!);
      if (magnitude === 0 || !Number.isFinite(magnitude)) continue;
      if (magnitude < FLOAT_MIN) return Infinity;
      const exponent = Math.log2(magnitude);
      if (exponent > 0) growing += exponent;
      else shrinking += exponent;
    }
    if (growing > 126 || shrinking < -124) return Infinity;
    return 2 * (extent + 2) * ROUNDING * Math.min(Math.abs(wanted[i]!), FLOAT_MAX);
  };
}

const argReduce: Row<'argReduce'> = {
  cases: fc
    .record({ view: axisViews, name: fc.constantFrom('argMax' as const, 'argMin' as const), dtype: dtypes })
    .filter(({ view }) => view.extent > 0)
    .chain(({ view, name, dtype }) =>
      ofShapes([[[view.outer, view.extent, view.inner], dtype]]).map((inputs) => ({
        inputs,
        outputs: [int32([view.outer, view.inner])],
        attributes: { name, ...view },
      })),
    ),
};

const scan: Row<'scan'> = {
  cases: fc
    .record({
      view: axisViews,
      name: fc.constantFrom('sum' as const, 'prod' as const),
      dtype: fc.constantFrom('float32' as const, 'int32' as const),
      exclusive: fc.boolean(),
      reverse: fc.boolean(),
    })
    .chain(({ view, dtype, ...rest }) => {
      const shape = [view.outer, view.extent, view.inner];
      return ofShapes([[shape, dtype]]).map((inputs) => ({
        inputs,
        outputs: [ofType(shape, dtype)],
        attributes: { ...rest, ...view },
      }));
    }),
  allowed: ({ inputs, attributes }, [wanted], plain) => {
    const { name, extent } = attributes;
    if (name === 'sum') return [ofSums(extent, plain(inputs.map(magnitudes))[0]!)];
    // Products of a part of the axis may leave the range, and come back.
    const [x] = inputs;
    const ends = ofProducts(x!.values, attributes, wanted!);
    return [
      (i) => {
        const line = Math.floor(i / (extent * attributes.inner)) * attributes.inner + (i % attributes.inner);
        const whole = ends(line, 'cpu');
        return whole === Infinity
          ? Infinity
          : 2 * (extent + 2) * ROUNDING * Math.min(Math.abs(wanted![i]!), FLOAT_MAX) + FLOAT_MIN;
      },
    ];
  },
};

const recurrence: Row<'recurrence'> = {
  cases: fc
    .record({
      view: axisViews,
      factor: fc.constantFrom('own' as const, 'previous' as const),
      reverse: fc.boolean(),
    })
    .filter(({ view }) => view.extent <= 65)
    .chain(({ view, ...rest }) => {
      const shape = [view.outer, view.extent, view.inner];
      // Factors are numbers: composed in another order, an infinite one meets other zeros.
      const terms = ofShapes([[shape]], fc.constantFrom('tame', 'special'));
      return fc.tuple(terms, ofShapes([[shape]], fc.constant('tame'))).map((inputs) => ({
        inputs: inputs.flat(),
        outputs: [float32(shape)],
        attributes: { ...rest, ...view },
      }));
    }),
  // Every term is a product of up to `extent` factors, in some order.
  allowed: ({ inputs, attributes: { extent } }, _, plain) => [
    ofSums(2 * extent, plain(inputs.map(magnitudes))[0]!),
  ],
};

/** What a row is shifted by, and the distance of its values from it. */
function greatestOf(x: readonly number[], from: number, extent: number): number {
  let greatest = -Infinity;
  for (let e = 0; e < extent; e++) greatest = Math.max(greatest, x[from + e]!);
  return greatest;
}

/** The error of exp itself on each way, relative. */
const exponential = (way: 'cpu' | 'webgl'): number => (way === 'cpu' ? 4 * 2 ** -23 : 1e-5);

const softmax: Row<'softmax'> = {
  cases: fc.record({ view: rowViews, logarithm: fc.boolean() }).chain(({ view, logarithm }) =>
    ofShapes([[[view.outer, view.extent]]]).map((inputs) => ({
      inputs,
      outputs: [float32([view.outer, view.extent])],
      attributes: { ...view, logarithm },
    })),
  ),
  allowed: ({ inputs: [x], attributes: { extent, logarithm } }, [wanted]) => [
    (i, way) => {
      const greatest = greatestOf(x!.values, Math.floor(i / extent) * extent, extent);
      const distance = Math.abs(x!.values[i]! - greatest);
      const sum = (extent + 8) * ROUNDING + exponential(way);
      if (logarithm) return distance < FLOAT_MAX ? sum + 4 * ROUNDING * (distance + 10) : 0.1 * FLOAT_MAX;
      return (2 * ROUNDING * Math.min(distance, 256) + sum + exponential(way)) * wanted![i]! + FLOAT_MIN;
    },
  ],
};

const softmaxGradient: Row<'softmaxGradient'> = {
  cases: fc.record({ view: rowViews, logarithm: fc.boolean() }).chain(({ view, logarithm }) =>
    ofShapes([[[view.outer, view.extent]], [[view.outer, view.extent]]]).map((inputs) => ({
      inputs,
      outputs: [float32([view.outer, view.extent])],
      attributes: { ...view, logarithm },
    })),
  ),
  allowed: ({ inputs, attributes: { extent, logarithm } }) => {
    const [y, dy] = inputs.map((each) => (logarithm ? each : magnitudes(each)).values) as [
      number[],
      number[],
    ];
    return [
      (i, way) => {
        const first = Math.floor(i / extent) * extent;
        let sum = 0;
        let signed = 0;
        let isInfinite = false;
        for (let e = first; e < first + extent; e++) {
          const term = dy[e]! * (logarithm ? 1 : y[e]!);
          if (Number.isFinite(term)) {
            sum += Math.abs(term);
            signed += term;
          } else isInfinite = true;
        }
        const factor = logarithm ? Math.exp(y[i]!) : y[i]!;
        // A rounding decides the sign of a sum near 0, and so of its product by an infinity.
        if (factor === Infinity && !isInfinite && Math.abs(signed) <= ofSum(extent, sum)) return Infinity;
        // A factor that leaves float32's range is infinite there, and meets a sum that may be 0.
        if (logarithm && factor > FLOAT_MAX / 2 && y[i]! < Infinity) return Infinity;
        // And so may the sum, or its difference to dy.
        if (!(sum + (Number.isFinite(dy[i]!) ? Math.abs(dy[i]!) : 0) < FLOAT_MAX / 2)) return Infinity;
        // And one that is denormal may be 0, which an infinity makes NaN.
        if (isInfinite && factor < FLOAT_MIN && (!logarithm || y[i]! > -Infinity)) return Infinity;
        const magnitude = Number.isFinite(factor) ? factor * sum : 0;
        const own = logarithm ? Math.abs(dy[i]!) : factor * dy[i]!;
        const roundings =
          FLOAT_MIN * (1 + sum) + ofSum(extent + 8, magnitude + (Number.isFinite(own) ? own : 0));
        return (
          roundings +
          (logarithm ? magnitude * (exponential(way) + 2 * ROUNDING * Math.min(Math.abs(y[i]!), 256)) : 0)
        );
      },
    ];
  },
};

const crossEntropy: Row<'crossEntropy'> = {
  cases: rowViews.chain((view) =>
    ofShapes([[[view.outer, view.extent]], [[view.outer, view.extent]]]).map((inputs) => ({
      inputs,
      outputs: [float32([view.outer])],
      attributes: view,
    })),
  ),
  allowed: ({ inputs: [labels, logits], attributes: { extent } }) => [
    (row, way) => {
      const greatest = greatestOf(logits!.values, row * extent, extent);
      let magnitude = 0;
      for (let i = row * extent; i < (row + 1) * extent; i++) {
        const distance = greatest - logits!.values[i]! + Math.log(extent) + 1;
        if (Number.isFinite(distance) && distance >= FLOAT_MAX) return Infinity;
        const term = Math.abs(labels!.values[i]!) * distance;
        if (Number.isFinite(term)) magnitude += term;
      }
      return ofSum(2 * extent + 8, magnitude) + exponential(way) * magnitude;
    },
  ],
};

const crossEntropyGradient: Row<'crossEntropyGradient'> = {
  cases: rowViews.chain((view) =>
    ofShapes([[[view.outer, view.extent]], [[view.outer, view.extent]], [[view.outer]]]).map((inputs) => ({
      inputs,
      outputs: [float32([view.outer, view.extent])],
      attributes: view,
    })),
  ),
  allowed: ({ inputs: [labels, logits, dy], attributes: { extent } }, _, plain) => {
    const [differences] = plain([labels!, logits!, { ...dy!, values: dy!.values.map(() => 1) }]);
    return [
      (i, way) => {
        const row = Math.floor(i / extent);
        let sum = 0;
        let isInfinite = false;
        for (let e = row * extent; e < (row + 1) * extent; e++) {
          const term = Math.abs(labels!.values[e]!);
          if (Number.isFinite(term)) sum += term;
          else isInfinite = true;
        }
        if (sum >= FLOAT_MAX) return Infinity;
        // A share that is denormal may be 0, which an infinite sum makes NaN.
        const distance = greatestOf(logits!.values, row * extent, extent) - logits!.values[i]!;
        if (isInfinite && distance > 80 && distance < Infinity) return Infinity;
        // exp of a distance of up to 104 from the greatest, beyond which it is 0.
        const errorOf = (factor: number): number => {
          const magnitude = 2 * factor * sum;
          return (
            ofSum(2 * extent + 256, magnitude) +
            2 * exponential(way) * magnitude +
            FLOAT_MIN * (1 + sum) * (1 + factor)
          );
        };
        const factor = Math.abs(dy!.values[row]!);
        if (Number.isFinite(factor)) return errorOf(factor);
        // A rounding decides the sign of a difference near 0, and so of its product by an infinity.
        return factor === Infinity && Math.abs(differences![i]!) <= errorOf(1) ? Infinity : 0;
      },
    ];
  },
};

const topK: Row<'topK'> = {
  cases: fc
    .record({
      rows: extents(65, 1),
      extent: extents(257, 1),
      dtype: dtypes,
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .chain(({ rows, extent, dtype, part }) =>
      ofShapes([[[rows, extent], dtype]]).map((inputs) => ({
        inputs,
        outputs: [int32([rows, Math.ceil(part * extent)])],
        attributes: {},
      })),
    ),
};

const searchSorted: Row<'searchSorted'> = {
  cases: fc
    .record({
      rows: extents(9, 1),
      extent: extents(65),
      count: extents(17, 1),
      dtype: fc.constantFrom('float32' as const, 'int32' as const),
      side: fc.constantFrom('left' as const, 'right' as const),
    })
    .chain(({ rows, extent, count, dtype, side }) =>
      ofShapes([
        [[rows, extent], dtype],
        [[rows, count], dtype],
      ]).map(([sorted, values]) => ({
        inputs: [{ ...sorted!, values: ascending(sorted!.values, extent) }, values!],
        outputs: [int32([rows, count])],
        attributes: { side },
      })),
    ),
};

/** Each row in order, what is no number left where the order puts it: at the end. */
function ascending(values: readonly number[], extent: number): number[] {
  const key = (value: number): number => (Number.isNaN(value) ? Infinity : value);
  const rows = Array.from({ length: extent === 0 ? 0 : values.length / extent }, (_, row) =>
    values.slice(row * extent, (row + 1) * extent).sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      return x === y ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : x < y ? -1 : 1;
    }),
  );
  return rows.flat();
}

export const reductionRows: Pick<
  Rows,
  | 'argReduce'
  | 'crossEntropy'
  | 'crossEntropyGradient'
  | 'recurrence'
  | 'reduce'
  | 'scan'
  | 'searchSorted'
  | 'softmax'
  | 'softmaxGradient'
  | 'topK'
> = {
  argReduce,
  crossEntropy,
  crossEntropyGradient,
  recurrence,
  reduce,
  scan,
  searchSorted,
  softmax,
  softmaxGradient,
  topK,
};
