import { begunAnew } from '../../../test/support/begun-anew';
import { expectClose } from '../../../test/support/close';
import { at, build } from '../../../test/support/reference';
import { createDraw, runKernel, type Operand } from '../../../test/support/run-kernel';
import type { DataType } from '../dtype';
import { binaryFunctions, type BinaryName, type BinaryRow } from '../binary-functions';
import { unaryFunctions, type UnaryName, type UnaryRow } from '../unary-functions';
import { sizeOf } from '../strides';
import { createCpuBackend } from './create';

const backend = createCpuBackend('none')!;
const draw = begunAnew(() => createDraw(5));

const special = [0, -0, 1, -1, 0.5, 2.5, 3.5, -2.5, -7.3, 1e-8, 1e30, NaN, Infinity, -Infinity];

/** a, b and the shape that they are broadcast to. */
const broadcasts: readonly (readonly [readonly number[], readonly number[], readonly number[]])[] = [
  [[], [], []],
  [[7], [7], [7]],
  [[5, 7], [], [5, 7]],
  [[], [3], [3]],
  [[5, 7], [7], [5, 7]],
  [
    [6, 1],
    [1, 9],
    [6, 9],
  ],
  [
    [4, 1, 5],
    [3, 1],
    [4, 3, 5],
  ],
  [
    [2, 1, 3, 1],
    [1, 4, 1, 5],
    [2, 4, 3, 5],
  ],
  [[0, 3], [3], [0, 3]],
  [[3, 1], [0], [3, 0]],
];

function random(shape: readonly number[], dtype: DataType): Operand {
  const values = draw(sizeOf(shape), -4, 5);
  if (dtype === 'float32') {
    if (values.length > 2) values.splice(1, 2, NaN, 0);
    return { shape, dtype, values };
  }
  return {
    shape,
    dtype,
    values: values.map((x) => (dtype === 'bool' ? Number(x > 0) : Math.floor(x))),
  };
}

describe('the elementwise kernels', () => {
  it('compute the unary table', () => {
    for (const name of Object.keys(unaryFunctions) as UnaryName[]) {
      const row: UnaryRow = unaryFunctions[name];
      const attributes = { name, p: -0.5, q: 2 };
      for (const list of [special, [], draw(37, -3, 3)]) {
        const x: Operand = { shape: [list.length], dtype: 'float32', values: list };
        const wanted = list.map((value) => Math.fround(row.js(Math.fround(value), -0.5, 2)));
        const y = { shape: x.shape, dtype: row.result ?? 'float32' } as const;
        expectClose(runKernel(backend, 'unary', [x], [y], attributes)[0]!, wanted, 0, name);
      }
      const integers = [0, 1, -1, 5, -7, 2147483647, -2147483648];
      const { int } = row;
      const exact = int && integers.map((value) => int.js(value, -1, 2) | 0);
      const y = { shape: [7], dtype: row.result ?? (exact ? 'int32' : 'float32') } as const;
      const x: Operand = { shape: [7], dtype: 'int32', values: integers };
      expectClose(
        runKernel(backend, 'unary', [x], [y], { name, p: -1, q: 2 })[0]!,
        exact ?? integers.map((value) => Math.fround(row.js(value, -1, 2))),
        0,
        `int32 ${name}`,
      );
    }
  });

  it('compute the binary table, broadcasting', () => {
    for (const name of Object.keys(binaryFunctions) as BinaryName[]) {
      const row: BinaryRow = binaryFunctions[name];
      for (const [aShape, bShape, shape] of broadcasts) {
        for (const type of ['float32', 'int32'] as const) {
          const form = type === 'int32' ? (row.int ?? row) : row;
          const dtype = row.result ?? (form === row ? 'float32' : 'int32');
          const a = random(aShape, type);
          const b = random(bShape, type);
          const results = build(shape, (index) => form.js(at(a, index), at(b, index))).values;
          const wanted = results.map(dtype === 'int32' ? (x) => x | 0 : Math.fround);
          const found = runKernel(backend, 'binary', [a, b], [{ shape, dtype }], { name })[0]!;
          expectClose(found, wanted, 0, `${type} ${name} [${aShape.join()}] [${bShape.join()}]`);
        }
      }
    }
  });

  it('wrap int32 as int32 does', () => {
    const a: Operand = { shape: [2], dtype: 'int32', values: [2147483647, 65537] };
    const b: Operand = { shape: [2], dtype: 'int32', values: [1, 65537] };
    expect([...runKernel(backend, 'binary', [a, b], [a], { name: 'add' })[0]!]).toEqual([
      -2147483648, 131074,
    ]);
    expect([...runKernel(backend, 'binary', [a, b], [a], { name: 'mul' })[0]!]).toEqual([2147483647, 131073]);
  });

  it('select, broadcasting', () => {
    for (const [aShape, bShape, shape] of broadcasts) {
      for (const dtype of ['float32', 'int32'] as const) {
        const condition = random(shape.slice(-1), 'bool');
        const a = random(aShape, dtype);
        const b = random(bShape, dtype);
        const wanted = build(shape, (index) => (at(condition, index) ? at(a, index) : at(b, index))).values;
        const found = runKernel(backend, 'select', [condition, a, b], [{ shape, dtype }], {})[0]!;
        expectClose(found, wanted, 0, `[${aShape.join()}] [${bShape.join()}]`);
      }
    }
  });

  it('cast', () => {
    const cast = (from: DataType, to: DataType, values: readonly number[]): number[] => {
      const x: Operand = { shape: [values.length], dtype: from, values };
      return [...runKernel(backend, 'cast', [x], [{ shape: x.shape, dtype: to }], {})[0]!];
    };
    expect(cast('float32', 'int32', [1.9, -1.9, NaN, 0])).toEqual([1, -1, 0, 0]);
    expect(cast('float32', 'bool', [0, 0.5, NaN, -3])).toEqual([0, 1, 1, 1]);
    expect(cast('int32', 'float32', [3, -4])).toEqual([3, -4]);
    expect(cast('int32', 'bool', [0, 7, -1])).toEqual([0, 1, 1]);
    expect(cast('bool', 'float32', [0, 1])).toEqual([0, 1]);
    expect(cast('bool', 'int32', [0, 1])).toEqual([0, 1]);
    expect(cast('float32', 'float32', [1.5, Infinity])).toEqual([1.5, Infinity]);
    expect(cast('float32', 'int32', [])).toEqual([]);
  });

  it('fill', () => {
    const filled = (dtype: DataType, shape: number[], value: number): number[] => [
      ...runKernel(backend, 'fill', [], [{ shape, dtype }], { value })[0]!,
    ];
    expect(filled('float32', [2, 2], 2.5)).toEqual([2.5, 2.5, 2.5, 2.5]);
    expect(filled('int32', [], -3)).toEqual([-3]);
    expect(filled('bool', [3], 1)).toEqual([1, 1, 1]);
    expect(filled('float32', [0, 4], 1)).toEqual([]);
    const ramp = runKernel(backend, 'ramp', [], [{ shape: [4], dtype: 'int32' }], { start: 3, step: -2 })[0]!;
    expect([...ramp]).toEqual([3, 1, -1, -3]);
  });
});
