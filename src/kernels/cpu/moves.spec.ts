import { begunAnew } from '../../../test/support/begun-anew';
import { expectClose } from '../../../test/support/close';
import { at, build } from '../../../test/support/reference';
import { createDraw, runKernel, type Operand } from '../../../test/support/run-kernel';
import { expectSums, sums } from '../../../test/support/sums';
import { sizeOf } from '../strides';
import { createCpuBackend } from './create';

const backend = createCpuBackend('none')!;
const draw = begunAnew(() => createDraw(21));
const tabulate = (...given: Parameters<typeof build>): readonly number[] => build(...given).values;

function random(shape: readonly number[]): Operand {
  return { shape, dtype: 'float32', values: draw(sizeOf(shape), -1, 1) };
}

const floats = (shape: readonly number[]): Operand => ({ shape, dtype: 'float32', values: [] });

describe('the kernels that move values', () => {
  it('transpose', () => {
    for (const [shape, permutation] of [
      [[], []],
      [[4], [0]],
      [
        [3, 4],
        [1, 0],
      ],
      [
        [70, 45],
        [1, 0],
      ],
      [
        [0, 3],
        [1, 0],
      ],
      [
        [2, 3, 4],
        [2, 0, 1],
      ],
      [
        [33, 5, 34],
        [2, 1, 0],
      ],
      [
        [2, 3, 4, 5],
        [0, 2, 1, 3],
      ],
      [
        [2, 1, 3, 60],
        [2, 0, 3, 1],
      ],
      [
        [2, 2, 3, 2, 3, 2],
        [5, 1, 3, 0, 2, 4],
      ],
    ] as const) {
      const x = random(shape);
      const y = permutation.map((axis) => shape[axis]!);
      const wanted = tabulate(y, (index) =>
        at(
          x,
          shape.map((_, axis) => index[permutation.indexOf(axis as never)]!),
        ),
      );
      const found = runKernel(backend, 'transpose', [x], [floats(y)], { permutation })[0]!;
      expectClose(found, wanted, 0, `[${shape.join()}] by [${permutation.join()}]`);
    }
  });

  it('slice, backwards too', () => {
    for (const [shape, begin, strides, y] of [
      [[], [], [], []],
      [[5], [2], [1], [0]],
      [
        [5, 6],
        [1, 2],
        [1, 1],
        [3, 4],
      ],
      [
        [5, 6],
        [4, 5],
        [-1, -1],
        [5, 6],
      ],
      [
        [5, 6],
        [4, 0],
        [-2, 3],
        [3, 2],
      ],
      [
        [4, 5, 60],
        [0, 1, 3],
        [1, 1, 1],
        [4, 3, 57],
      ],
      [
        [4, 5, 6],
        [3, 0, 0],
        [-1, 1, 1],
        [4, 5, 6],
      ],
      [
        [4, 5, 6],
        [0, 4, 0],
        [1, -1, 2],
        [4, 5, 3],
      ],
    ] as const) {
      const x = random(shape);
      const wanted = tabulate(y, (index) =>
        at(
          x,
          index.map((i, axis) => begin[axis]! + i * strides[axis]!),
        ),
      );
      const found = runKernel(backend, 'slice', [x], [floats(y)], { begin, strides })[0]!;
      expectClose(found, wanted, 0, `[${shape.join()}] from [${begin.join()}] by [${strides.join()}]`);
    }
  });

  it('tile', () => {
    for (const [shape, repeats] of [
      [[], []],
      [[3], [2]],
      [
        [2, 3],
        [2, 2],
      ],
      [
        [2, 3],
        [1, 3],
      ],
      [
        [2, 3],
        [3, 1],
      ],
      [
        [2, 3],
        [0, 2],
      ],
      [
        [0, 3],
        [2, 2],
      ],
      [
        [2, 1, 3],
        [1, 4, 2],
      ],
    ] as const) {
      const x = random(shape);
      const y = shape.map((extent, axis) => extent * repeats[axis]!);
      const wanted = tabulate(y, (index) =>
        at(
          x,
          index.map((i, axis) => i % shape[axis]!),
        ),
      );
      const found = runKernel(backend, 'tile', [x], [floats(y)], {})[0]!;
      expectClose(found, wanted, 0, `[${shape.join()}] by [${repeats.join()}]`);
    }
  });

  it('pad in every mode', () => {
    const reflected = {
      constant: (): number => NaN,
      reflect: (i: number, extent: number): number => (i < 0 ? -i : 2 * extent - 2 - i),
      symmetric: (i: number, extent: number): number => (i < 0 ? -1 - i : 2 * extent - 1 - i),
    };
    for (const mode of ['constant', 'reflect', 'symmetric'] as const) {
      for (const [shape, before, after] of [
        [[], [], []],
        [[3], [2], [2]],
        [
          [4, 5],
          [1, 2],
          [2, 1],
        ],
        [
          [3, 4],
          [0, 0],
          [0, 0],
        ],
        [
          [2, 3, 4],
          [0, 1, 0],
          [0, 2, 0],
        ],
      ] as const) {
        const x = random(shape);
        const y = shape.map((extent, axis) => extent + before[axis]! + after[axis]!);
        const wanted = tabulate(y, (index) => {
          const from = index.map((i, axis) => {
            const position = i - before[axis]!;
            const extent = shape[axis]!;
            return position >= 0 && position < extent ? position : reflected[mode](position, extent);
          });
          return from.some(Number.isNaN) ? 9 : at(x, from);
        });
        const found = runKernel(backend, 'pad', [x], [floats(y)], { before, mode, value: 9 })[0]!;
        expectClose(found, wanted, 0, `[${shape.join()}] ${mode}`);
      }
    }
    const empty = runKernel(backend, 'pad', [random([0, 2])], [floats([1, 3])], {
      before: [1, 0],
      mode: 'constant',
      value: 4,
    });
    expect([...empty[0]!]).toEqual([4, 4, 4]);
  });

  it('concatenate', () => {
    for (const [axis, shapes] of [
      [0, [[3], [2]]],
      [
        0,
        [
          [2, 3],
          [1, 3],
          [0, 3],
        ],
      ],
      [
        1,
        [
          [2, 3],
          [2, 1],
          [2, 100],
        ],
      ],
      [
        2,
        [
          [2, 3, 1],
          [2, 3, 4],
        ],
      ],
    ] as const) {
      const parts = shapes.map((shape) => random(shape));
      const y = [...shapes[0]];
      y[axis] = shapes.reduce((sum, shape) => sum + (shape as readonly number[])[axis]!, 0) as never;
      const wanted = tabulate(y, (index) => {
        const from = [...index];
        const part = parts.find(({ shape }) => {
          if (from[axis]! < shape[axis]!) return true;
          from[axis]! -= shape[axis]!;
          return false;
        });
        return at(part!, from);
      });
      expectClose(
        runKernel(backend, 'concat', parts, [floats(y)], { axis })[0]!,
        wanted,
        0,
        `along axis ${axis}`,
      );
    }
  });

  it('gather, and add up what is scattered', () => {
    for (const [outer, extent, inner] of [
      [1, 5, 3],
      [2, 4, 1],
      [3, 2, 70],
      [1, 3, 0],
    ] as const) {
      const view = { outer, extent, inner };
      const positions = [0, 1, 1, -1, extent, extent - 1];
      const indices: Operand = { shape: [6], dtype: 'int32', values: positions };
      const x = random([outer, extent, inner]);
      const gathered = tabulate([outer, 6, inner], ([o, i, j]) => {
        const position = positions[i!]!;
        return position >= 0 && position < extent ? at(x, [o!, position, j!]) : 0;
      });
      const y = runKernel(backend, 'gather', [x, indices], [floats([outer, 6, inner])], view)[0]!;
      expectClose(y, gathered, 0, 'gather');

      const values = random([outer, 6, inner]);
      const scattered = sums([outer, extent, inner], ([o, e, j], add) =>
        positions.forEach((position, i) => position === e && add(at(values, [o!, i, j!]))),
      );
      const found = runKernel(backend, 'scatterAdd', [values, indices], [x], view)[0]!;
      expectSums(found, scattered, { context: 'scatterAdd' });
    }
  });

  it('one-hot, with `off` alone where there is no such class', () => {
    const x: Operand = { shape: [4], dtype: 'int32', values: [0, 2, -1, 3] };
    const y = runKernel(backend, 'oneHot', [x], [floats([4, 3])], { depth: 3, on: 5, off: -1 })[0]!;
    expect([...y]).toEqual([5, -1, -1, -1, -1, 5, -1, -1, -1, -1, -1, -1]);
  });
});
