import { begunAnew } from '../../../test/support/begun-anew';
import { expectClose } from '../../../test/support/close';
import { createDraw, runKernel, type Operand } from '../../../test/support/run-kernel';
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
          for (let at = 0; at < outer * inner; at++) {
            let result = form.initial;
            const from = Math.floor(at / inner) * extent * inner + (at % inner);
            for (let e = 0; e < extent; e++) result = form.js(result, values[from + e * inner]!);
            wanted.push(row.mean ? result / extent : result);
          }
          const x: Operand = { shape: [outer, extent, inner], dtype: type, values };
          const y = { shape: [outer, inner], dtype };
          const found = runKernel(backend, 'reduce', [x], [y], { name, outer, extent, inner })[0]!;
          expectClose(found, wanted, 1e-6, `${name} of ${type} [${outer}, ${extent}, ${inner}]`);
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
      const x = draw(outer * extent, -50, 50);
      const dy = draw(outer * extent, -1, 1);
      for (const logarithm of [false, true]) {
        const wanted: number[] = [];
        const gradient: number[] = [];
        for (let row = 0; row < outer; row++) {
          const logits = Array.from(x.slice(row * extent, (row + 1) * extent));
          const from = Array.from(dy.slice(row * extent, (row + 1) * extent));
          const greatest = Math.max(...logits);
          const total = logits.reduce((sum, value) => sum + Math.exp(value - greatest), 0);
          const share = logits.map((value) => Math.exp(value - greatest) / total);
          wanted.push(...(logarithm ? logits.map((value) => value - greatest - Math.log(total)) : share));
          const inner = from.reduce((sum, value, i) => sum + value * (logarithm ? 1 : share[i]!), 0);
          gradient.push(
            ...from.map((value, i) => (logarithm ? value - share[i]! * inner : share[i]! * (value - inner))),
          );
        }
        const type = { shape: [outer, extent], dtype: 'float32' } as const;
        const attributes = { ...view, logarithm };
        const y = runKernel(backend, 'softmax', [{ ...type, values: x }], [type], attributes)[0]!;
        expectClose(y, wanted, 1e-6, 'softmax');
        const inputs = [[...y], dy].map((values) => ({ ...type, values }));
        expectClose(
          runKernel(backend, 'softmaxGradient', inputs, [type], attributes)[0]!,
          gradient,
          1e-5,
          'gradient',
        );
      }
      const labels = draw(outer * extent, 0, 1);
      const weights = draw(outer, -1, 1);
      const losses: number[] = [];
      const gradient: number[] = [];
      for (let row = 0; row < outer; row++) {
        const logits = Array.from(x.slice(row * extent, (row + 1) * extent));
        const truth = Array.from(labels.slice(row * extent, (row + 1) * extent));
        const greatest = Math.max(...logits);
        const total = logits.reduce((sum, value) => sum + Math.exp(value - greatest), 0);
        const truths = truth.reduce((sum, value) => sum + value, 0);
        losses.push(
          truth.reduce((sum, value, i) => sum + value * (greatest - logits[i]! + Math.log(total)), 0),
        );
        gradient.push(
          ...truth.map(
            (value, i) => weights[row]! * ((truths * Math.exp(logits[i]! - greatest)) / total - value),
          ),
        );
      }
      const rows = { shape: [outer], dtype: 'float32' } as const;
      const matrix = { shape: [outer, extent], dtype: 'float32' } as const;
      const pair = [labels, x].map((values) => ({ ...matrix, values }));
      expectClose(runKernel(backend, 'crossEntropy', pair, [rows], view)[0]!, losses, 1e-5, 'crossEntropy');
      const inputs = [...pair, { ...rows, values: weights }];
      expectClose(
        runKernel(backend, 'crossEntropyGradient', inputs, [matrix], view)[0]!,
        gradient,
        1e-5,
        'crossEntropyGradient',
      );
    }
  });

  it('keep NaN in its row, and do not overflow', () => {
    const x: Operand = { shape: [2, 2], dtype: 'float32', values: [NaN, 1, 1e30, 1e30] };
    const attributes = { outer: 2, extent: 2, inner: 1, logarithm: false };
    expect([...runKernel(backend, 'softmax', [x], [x], attributes)[0]!]).toEqual([NaN, NaN, 0.5, 0.5]);
  });
});
