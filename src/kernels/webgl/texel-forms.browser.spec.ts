// Forms that kernels take by shape: blocks of a transpose, rows and columns, runs that cross the ends of rows, scalars as uniforms.
import { expectExact } from '../../../test/support/close';
import { describeOwnWebGL } from '../../../test/support/own-backends';
import { runKernel, type Operand } from '../../../test/support/run-kernel';
import { sizeOf, stridesOf } from '../strides';
import type { WebGLBackend } from './backend';
import { createWebGLBackend } from './create';

const counting = (shape: readonly number[]): Operand => ({
  shape,
  dtype: 'float32',
  values: Array.from({ length: sizeOf(shape) }, (_, i) => i),
});

for (const maxTextureSize of [Infinity, 64]) {
  describeOwnWebGL(`forms of WebGL kernels, textures up to ${maxTextureSize}`, () => {
    let backend: WebGLBackend;

    beforeAll(() => {
      backend = createWebGLBackend({ maxTextureSize }) as WebGLBackend;
    });

    afterAll(() => backend.dispose());

    for (const [rows, columns] of [
      [64, 128],
      [32, 36],
      [63, 65],
      [4, 1024],
    ] as const) {
      it(`transposes ${rows} × ${columns}`, () => {
        const x = counting([rows, columns]);
        const y = { shape: [columns, rows], dtype: 'float32' } as const;
        const [actual] = runKernel(backend, 'transpose', [x], [y], { permutation: [1, 0] });
        const wanted = Array.from(x.values, (_, i) => (i % rows) * columns + Math.floor(i / rows));
        expectExact(actual!, wanted);
      });

      it(`adds a row, a column and a scalar to ${rows} × ${columns}`, () => {
        const x = counting([rows, columns]);
        for (const [shape, index] of [
          [[columns], (i: number) => i % columns],
          [[rows, 1], (i: number) => Math.floor(i / columns)],
          [[], () => 0],
        ] as const) {
          const b = counting(shape);
          const [actual] = runKernel(backend, 'binary', [x, b], [x], { name: 'add' });
          expectExact(
            actual!,
            Array.from(x.values, (value, i) => value + index(i)),
          );
        }
      });
    }

    for (const dtype of ['float32', 'int32'] as const) {
      it(`adds what repeats, and a column, of ${dtype}`, () => {
        for (const [shape, addend, index] of [
          [[5, 6, 8], [8], (i: number) => i % 8],
          [[40, 3, 36], [36], (i: number) => i % 36],
          [[3, 7, 16], [7, 16], (i: number) => i % 112],
          [[63, 64], [64], (i: number) => i % 64],
          [[63, 64], [63, 1], (i: number) => i >> 6],
          [[9, 5, 12], [9, 1, 1], (i: number) => Math.floor(i / 60)],
          [[9, 5, 12], [9, 5, 1], (i: number) => Math.floor(i / 12)],
          [[70, 4], [70, 1], (i: number) => i >> 2],
        ] as const) {
          const x = { ...counting(shape), dtype };
          const b = { ...counting(addend), dtype };
          const wanted = Array.from(x.values, (value, i) => value + index(i));
          expectExact(runKernel(backend, 'binary', [x, b], [x], { name: 'add' })[0]!, wanted);
          expectExact(runKernel(backend, 'binary', [b, x], [x], { name: 'add' })[0]!, wanted);
        }
      });

      it(`takes rectangles of a matrix of ${dtype}, from every lane`, () => {
        const x = { ...counting([24, 64]), dtype };
        for (const [row, column, height, width] of [
          [0, 0, 24, 60],
          [3, 1, 21, 60],
          [5, 2, 7, 32],
          [1, 7, 23, 56],
          [2, 12, 20, 52],
          [2, 13, 20, 51],
        ] as const) {
          const y = { shape: [height, width], dtype };
          const [actual] = runKernel(backend, 'slice', [x], [y], { begin: [row, column], strides: [1, 1] });
          expectExact(
            actual!,
            Array.from({ length: height * width }, (_, i) => {
              return (Math.floor(i / width) + row) * 64 + (i % width) + column;
            }),
          );
        }
      });
    }

    it('slices at places that are no texels', () => {
      const x = counting([9, 41]);
      const y = { shape: [8, 37], dtype: 'float32' } as const;
      const [actual] = runKernel(backend, 'slice', [x], [y], { begin: [1, 3], strides: [1, 1] });
      expectExact(
        actual!,
        Array.from({ length: 8 * 37 }, (_, i) => (Math.floor(i / 37) + 1) * 41 + (i % 37) + 3),
      );
    });

    // The shape, what comes before, what comes after.
    for (const [shape, before, after] of [
      [[9], [3], [2]],
      [[8], [1], [0]],
      [[7], [0], [9]],
      [[1], [1], [2]],
      [
        [5, 8],
        [1, 1],
        [2, 2],
      ],
      [
        [70, 20],
        [0, 2],
        [1, 2],
      ],
      [
        [40, 36],
        [2, 1],
        [1, 1],
      ],
      [
        [3, 4, 11],
        [0, 1, 0],
        [0, 0, 0],
      ],
      [
        [2, 3, 12],
        [1, 0, 7],
        [0, 1, 6],
      ],
      [
        [2, 3, 2],
        [0, 0, 0],
        [0, 0, 2],
      ],
    ] as const) {
      for (const dtype of ['float32', 'int32'] as const) {
        it(`pads ${shape.join(' × ')} of ${dtype} by ${before.join()} and ${after.join()}`, () => {
          const x = { ...counting(shape), dtype };
          const y = { shape: shape.map((n, axis) => n + before[axis]! + after[axis]!), dtype };
          const [actual] = runKernel(backend, 'pad', [x], [y], { before, mode: 'constant', value: -7 });
          const strides = stridesOf(y.shape);
          const wanted = Array.from({ length: sizeOf(y.shape) }, (_, i) =>
            shape.reduce<number>((index, n, axis) => {
              const c = (Math.floor(i / strides[axis]!) % y.shape[axis]!) - before[axis]!;
              return index === -7 || c < 0 || c >= n ? -7 : index * n + c;
            }, 0),
          );
          expectExact(actual!, wanted);
        });
      }
    }

    it('tells a uniform of −0 from one of 0, and sends NaN', () => {
      const x: Operand = { shape: [2], dtype: 'float32', values: [1, -1] };
      const quotients = (value: number): ArrayLike<number> =>
        runKernel(backend, 'binary', [x, { shape: [], dtype: 'float32', values: [value] }], [x], {
          name: 'div',
        })[0]!;
      expectExact(quotients(0), [Infinity, -Infinity]);
      expectExact(quotients(-0), [-Infinity, Infinity]);
      expectExact(quotients(NaN), [NaN, NaN]);
    });

    it('finds the first extreme, and the first NaN', () => {
      const view = { outer: 2, extent: 8, inner: 1 };
      const x = [1, 3, 3, 2, 3, 0, 0, 1, 5, NaN, 9, NaN, 1, 1, 1, 1];
      const operand: Operand = { shape: [2, 8], dtype: 'float32', values: x };
      const y = { shape: [2], dtype: 'int32' } as const;
      expectExact(runKernel(backend, 'argReduce', [operand], [y], { ...view, name: 'argMax' })[0]!, [1, 1]);
      expectExact(runKernel(backend, 'argReduce', [operand], [y], { ...view, name: 'argMin' })[0]!, [5, 1]);
      const max = { shape: [2], dtype: 'float32' } as const;
      expectExact(runKernel(backend, 'reduce', [operand], [max], { ...view, name: 'max' })[0]!, [3, NaN]);
    });
  });
}
