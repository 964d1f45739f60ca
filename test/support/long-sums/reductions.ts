import { exactSum } from '../rounding';
import { drawn, float, floats, quotient, REDUCTION, sumAt, type LongSumMakers } from './row';

function reduction(name: 'sum' | 'mean', inner: number): LongSumMakers<'reduce'>[string] {
  return (terms, draw) => {
    const x = drawn([terms, inner], draw);
    const results = [0, inner - 1].map((column) => {
      const sum = sumAt(column, terms, (k) => x.values[k * inner + column]!);
      return name === 'mean' ? quotient(sum, terms) : sum;
    });
    const attributes = { name, outer: 1, extent: terms, inner };
    return { inputs: [x], outputs: [float([inner])], attributes, bound: REDUCTION, results };
  };
}

export const reduce: LongSumMakers<'reduce'> = {
  'sum of a row': reduction('sum', 1),
  'mean of a row': reduction('mean', 1),
  'sums of 2 columns': reduction('sum', 2),
  'means of 3 columns': reduction('mean', 3),
  'sums of 9 columns': reduction('sum', 9),
};

export const scan: LongSumMakers<'scan'> = {
  'of a row': (terms, draw) => {
    const x = drawn([terms], draw);
    return {
      inputs: [x],
      outputs: [float([terms])],
      attributes: { name: 'sum', exclusive: false, reverse: false, outer: 1, extent: terms, inner: 1 },
      bound: REDUCTION,
      results: [terms >> 1, terms - 1].map((last) => sumAt(last, last + 1, (k) => x.values[k]!)),
    };
  },
};

export const recurrence: LongSumMakers<'recurrence'> = {
  'with factors of 1': (terms, draw) => {
    const x = drawn([terms], draw);
    return {
      inputs: [x, floats([terms], new Array<number>(terms).fill(1))],
      outputs: [float([terms])],
      attributes: { factor: 'own', reverse: false, outer: 1, extent: terms, inner: 1 },
      bound: REDUCTION,
      results: [terms >> 1, terms - 1].map((last) => sumAt(last, last + 1, (k) => x.values[k]!)),
    };
  },
};

const row = (extent: number) => ({ outer: 1, extent, inner: 1 }) as const;

export const softmax: LongSumMakers<'softmax'> = {
  powers: (terms, draw) => {
    const x = drawn([terms], draw);
    const most = x.values.reduce((a, b) => Math.max(a, b));
    const total = exactSum(terms, (k) => Math.exp(x.values[k]! - most)).value;
    const results = [0, terms - 1].map((at) => {
      const value = Math.exp(x.values[at]! - most) / total;
      return { at, value, magnitude: value };
    });
    const attributes = { ...row(terms), logarithm: false };
    return { inputs: [x], outputs: [float([terms])], attributes, bound: REDUCTION, results };
  },
};

export const softmaxGradient: LongSumMakers<'softmaxGradient'> = {
  'of powers': (terms, draw) => {
    const y = drawn([terms], draw);
    const dy = drawn([terms], draw);
    const sum = exactSum(terms, (k) => y.values[k]! * dy.values[k]!);
    const results = [0, terms - 1].map((at) => ({
      at,
      value: y.values[at]! * (dy.values[at]! - sum.value),
      magnitude: Math.abs(y.values[at]!) * (Math.abs(dy.values[at]!) + sum.magnitude),
    }));
    const attributes = { ...row(terms), logarithm: false };
    return { inputs: [y, dy], outputs: [float([terms])], attributes, bound: REDUCTION, results };
  },
  'of logarithms': (terms, draw) => {
    const y = floats([terms], new Array<number>(terms).fill(0));
    const dy = drawn([terms], draw);
    const sum = exactSum(terms, (k) => dy.values[k]!);
    const results = [0, terms - 1].map((at) => ({
      at,
      value: dy.values[at]! - sum.value,
      magnitude: Math.abs(dy.values[at]!) + sum.magnitude,
    }));
    const attributes = { ...row(terms), logarithm: true };
    return { inputs: [y, dy], outputs: [float([terms])], attributes, bound: REDUCTION, results };
  },
};

export const crossEntropy: LongSumMakers<'crossEntropy'> = {
  'of a row': (terms, draw) => {
    const labels = drawn([terms], draw);
    const x = drawn([terms], draw);
    const most = x.values.reduce((a, b) => Math.max(a, b));
    const logSum = Math.log(exactSum(terms, (k) => Math.exp(x.values[k]! - most)).value);
    const results = [sumAt(0, terms, (k) => labels.values[k]! * (most - x.values[k]! + logSum))];
    return { inputs: [labels, x], outputs: [float([1])], attributes: row(terms), bound: REDUCTION, results };
  },
};

export const crossEntropyGradient: LongSumMakers<'crossEntropyGradient'> = {
  'of a row': (terms, draw) => {
    const labels = drawn([terms], draw);
    const x = drawn([terms], draw);
    const most = x.values.reduce((a, b) => Math.max(a, b));
    const powers = exactSum(terms, (k) => Math.exp(x.values[k]! - most)).value;
    const all = exactSum(terms, (k) => labels.values[k]!);
    const results = [0, terms - 1].map((at) => {
      const share = Math.exp(x.values[at]! - most) / powers;
      const value = share * all.value - labels.values[at]!;
      return { at, value, magnitude: share * all.magnitude + Math.abs(labels.values[at]!) };
    });
    const inputs = [labels, x, floats([1], [1])];
    return { inputs, outputs: [float([terms])], attributes: row(terms), bound: REDUCTION, results };
  },
};

export const batchNormGradient: LongSumMakers<'batchNormGradient'> = {
  'of 3 channels': (terms, draw) => {
    const channels = 3;
    const dy = drawn([terms, channels], draw);
    const x = drawn([terms, channels], draw);
    const mean = floats([channels], [0.25, -0.5, 0]);
    const variance = floats([channels], [1, 1, 1]);
    const results = [0, 2].flatMap((c) => {
      const at = (k: number): number => k * channels + c;
      return [
        sumAt(c, terms, (k) => dy.values[at(k)]!, 0),
        sumAt(c, terms, (k) => dy.values[at(k)]! * (x.values[at(k)]! - mean.values[c]!), 1),
      ];
    });
    const outputs = [float([channels]), float([channels])];
    return {
      inputs: [dy, x, mean, variance],
      outputs,
      attributes: { epsilon: 0 },
      bound: REDUCTION,
      results,
    };
  },
};
