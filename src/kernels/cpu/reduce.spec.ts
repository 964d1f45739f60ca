import { begunAnew } from '../../../test/support/begun-anew';
import { compareWithDefinition } from '../../../test/four-ways/comparison';
import { rows } from '../../../test/four-ways/rows';
import { expectExact } from '../../../test/support/close';
import { boundOfSum, PROMISED } from '../../../test/support/rounding';
import { createDraw, runKernel, type Operand } from '../../../test/support/run-kernel';
import { expectBounded, expectSums, Sums } from '../../../test/support/sums';
import { reductions, type ReductionName, type ReductionRow } from '../reductions';
import { createCpuBackend } from './create';

const backend = createCpuBackend('none')!;
const draw = begunAnew(() => createDraw(9));

const views = [
  [1, 1000, 1],
  [3, 7, 1],
  [2, 5, 4],
  [1, 300, 9],
  [5, 1, 3],
  [0, 3, 2],
  [3, 0, 2],
  [3, 0, 1],
  [2, 3, 0],
] as const;

describe('the reduction kernels', () => {
  it('compute the table, of nothing too', () => {
    for (const name of Object.keys(reductions) as ReductionName[]) {
      const row: ReductionRow = reductions[name];
      const isLogic = name === 'all' || name === 'any';
      for (const type of isLogic ? (['bool'] as const) : (['float32', 'int32'] as const)) {
        for (const [outer, extent, inner] of views) {
          const drawn = draw(outer * extent * inner, -1.5, 2.5);
          if (type === 'float32' && drawn.length > 20) drawn[5] = NaN;
          const values =
            type === 'float32' ? drawn : drawn.map((x) => (isLogic ? Number(x > -1) : Math.floor(x)));
          const dtype = row.mean ? 'float32' : type;
          const form = dtype === 'float32' ? row : row.int;
          const wanted: number[] = [];
          const summed = new Sums([outer, inner]);
          for (let at = 0; at < outer * inner; at++) {
            let result = form.initial;
            const from = Math.floor(at / inner) * extent * inner + (at % inner);
            for (let e = 0; e < extent; e++) {
              const value = values[from + e * inner]!;
              result = form.js(result, value);
              summed.add(at, row.mean ? value / extent : value);
            }
            wanted.push(row.mean ? result / extent : result);
          }
          const x: Operand = { shape: [outer, extent, inner], dtype: type, values };
          const y = { shape: [outer, inner], dtype };
          const found = runKernel(backend, 'reduce', [x], [y], { name, outer, extent, inner })[0]!;
          const context = `${name} of ${type} [${outer}, ${extent}, ${inner}]`;
          const isFloat = dtype === 'float32';
          if (isFloat && extent > 0 && (name === 'sum' || name === 'mean'))
            expectSums(found, summed, { context, promised: PROMISED.reduction });
          // A product of n numbers is rounded as often as their sum, relative to itself.
          else if (isFloat && name === 'prod')
            expectBounded(found, wanted, (i) => boundOfSum(extent, Math.abs(wanted[i]!)), context);
          else expectExact(found, wanted, context);
        }
      }
    }
  });

  it('add up a million values to the last bit of float32, along either axis', () => {
    const size = 1_000_000;
    const values = new Array<number>(size).fill(0.1);
    const sum = Math.fround(Math.fround(0.1) * size);
    const x: Operand = { shape: [size], dtype: 'float32', values };
    const run = (extent: number, inner: number): number[] => [
      ...runKernel(backend, 'reduce', [x], [{ shape: [inner], dtype: 'float32' }], {
        name: 'sum',
        outer: 1,
        extent,
        inner,
      })[0]!,
    ];
    expect(run(size, 1)).toEqual([sum]);
    expect(run(size / 2, 2)).toEqual([Math.fround(sum / 2), Math.fround(sum / 2)]);
  });

  it('find the first of the greatest and of the least, and NaN before them', () => {
    const values = [3, 7, 7, 1, 1, 2, 5, NaN, 9, NaN, -Infinity, -Infinity];
    const find = (name: 'argMax' | 'argMin', outer: number, extent: number, inner: number): number[] => {
      const x: Operand = { shape: [12], dtype: 'float32', values };
      const y = { shape: [outer * inner], dtype: 'int32' } as const;
      return [...runKernel(backend, 'argReduce', [x], [y], { name, outer, extent, inner })[0]!];
    };
    expect(find('argMax', 2, 6, 1)).toEqual([1, 1]);
    expect(find('argMin', 2, 6, 1)).toEqual([3, 1]);
    expect(find('argMax', 1, 3, 4)).toEqual([2, 2, 0, 1]);
    expect(find('argMin', 1, 6, 2)).toEqual([5, 3]);
    expect(find('argMax', 0, 3, 4)).toEqual([]);
  });

  it('find exact int32', () => {
    const x: Operand = {
      shape: [4],
      dtype: 'int32',
      values: [2147483646, 2147483647, -2147483648, -2147483647],
    };
    const y = { shape: [1], dtype: 'int32' } as const;
    const view = { outer: 1, extent: 4, inner: 1 };
    expect([...runKernel(backend, 'argReduce', [x], [y], { name: 'argMax', ...view })[0]!]).toEqual([1]);
    expect([...runKernel(backend, 'argReduce', [x], [y], { name: 'argMin', ...view })[0]!]).toEqual([2]);
  });
});

describe('the softmax kernels', () => {
  it('follow the definition and its derivative', () => {
    for (const [outer, extent] of [
      [1, 1],
      [3, 10],
      [4, 257],
      [0, 4],
    ] as const) {
      const view = { outer, extent, inner: 1 };
      const rowsOf = (values: readonly number[]): readonly (readonly number[])[] =>
        Array.from({ length: outer }, (_, row) => values.slice(row * extent, (row + 1) * extent));
      const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
      const vector = { shape: [outer], dtype: 'float32' } as const;
      const matrix = { shape: [outer, extent], dtype: 'float32' } as const;
      const logits: Operand = { ...matrix, values: draw(outer * extent, -50, 50) };
      const dy: Operand = { ...matrix, values: draw(outer * extent, -1, 1) };
      /** Of each row the logarithms of its shares, which are exact where the shares themselves are too small. */
      const logShares = rowsOf(logits.values).map((row) => {
        const greatest = Math.max(...row);
        const logTotal = Math.log(total(row.map((value) => Math.exp(value - greatest))));
        return row.map((value) => value - greatest - logTotal);
      });
      for (const logarithm of [false, true]) {
        const attributes = { ...view, logarithm };
        const softmax = { inputs: [logits], outputs: [matrix], attributes };
        const wanted = logShares.flat().map((value) => (logarithm ? value : Math.exp(value)));
        const [y] = compareWithDefinition('softmax', rows.softmax, softmax, [wanted]);
        const gradient = rowsOf(y!).flatMap((row, r) => {
          const from = rowsOf(dy.values)[r]!;
          const inner = total(from.map((value, i) => value * (logarithm ? 1 : row[i]!)));
          return from.map((value, i) =>
            logarithm ? value - Math.exp(row[i]!) * inner : row[i]! * (value - inner),
          );
        });
        const back = { inputs: [{ ...matrix, values: y! }, dy], outputs: [matrix], attributes };
        compareWithDefinition('softmaxGradient', rows.softmaxGradient, back, [gradient]);
      }
      const labels: Operand = { ...matrix, values: draw(outer * extent, 0, 1) };
      const weights: Operand = { ...vector, values: draw(outer, -1, 1) };
      const truths = rowsOf(labels.values);
      const losses = truths.map((row, r) => total(row.map((value, i) => -value * logShares[r]![i]!)));
      const entropy = { inputs: [labels, logits], outputs: [vector], attributes: view };
      compareWithDefinition('crossEntropy', rows.crossEntropy, entropy, [losses]);
      const gradient = truths.flatMap((row, r) =>
        row.map((value, i) => weights.values[r]! * (total(row) * Math.exp(logShares[r]![i]!) - value)),
      );
      const back = { inputs: [labels, logits, weights], outputs: [matrix], attributes: view };
      compareWithDefinition('crossEntropyGradient', rows.crossEntropyGradient, back, [gradient]);
    }
    expect().nothing();
  });

  it('keep NaN in its row, and do not overflow', () => {
    const x: Operand = { shape: [2, 2], dtype: 'float32', values: [NaN, 1, 1e30, 1e30] };
    const attributes = { outer: 2, extent: 2, inner: 1, logarithm: false };
    expect([...runKernel(backend, 'softmax', [x], [x], attributes)[0]!]).toEqual([NaN, NaN, 0.5, 0.5]);
  });
});
