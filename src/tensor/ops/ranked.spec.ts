import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { sample, toTensor } from '../../../test/support/reference';

const shapes: Readonly<Record<number, number[]>> = { 1: [4], 2: [2, 3], 3: [2, 3, 2], 4: [1, 3, 2, 2] };

type Op = (...args: unknown[]) => dl.Tensor;
const ops = dl as unknown as Readonly<Record<string, Op>>;

describe('the forms of one rank', () => {
  for (const [rank, shape] of Object.entries(shapes)) {
    const ones = shape.map(() => 1);
    const zeros = shape.map(() => 0);
    const pairs = shape.map(() => [1, 2] as [number, number]);
    const isVector = rank === '1';

    it(`of rank ${rank} are the ops of their names, as functions and as methods`, () => {
      dl.tidy(() => {
        const x = toTensor(sample(shape));
        const methods = x as unknown as Readonly<Record<string, Op>>;
        const check = (name: string, wanted: dl.Tensor, ...args: unknown[]): void => {
          expectExact(
            ops[name]!(x, ...args),
            { shape: wanted.shape as number[], values: [...wanted.dataSync()] },
            name,
          );
          const chained = methods[name]!.apply(x, args);
          expectExact(chained, { shape: wanted.shape as number[], values: [...wanted.dataSync()] }, name);
        };
        check(`slice${rank}d`, dl.slice(x, zeros, ones), isVector ? 0 : zeros, isVector ? 1 : ones);
        check(`pad${rank}d`, dl.pad(x, pairs, 7), isVector ? pairs[0] : pairs, 7);
        check(`reverse${rank}d`, dl.reverse(x));
        if (!isVector) check(`reverse${rank}d`, dl.reverse(x, [-1]), [-1]);
        const joined = ops[`concat${rank}d`]!([x, x]);
        expectExact(joined, {
          shape: [shape[0]! * 2, ...shape.slice(1)],
          values: [...dl.concat([x, x]).dataSync()],
        });
      });
    });

    it(`of rank ${rank} refuse another`, () => {
      dl.tidy(() => {
        const x = dl.zeros([1, 1, 1, 1, 1]);
        for (const name of ['slice', 'pad', 'reverse']) {
          expect(() => ops[`${name}${rank}d`]!(x, zeros)).toThrowError(
            `${name}${rank}d: argument 'x' has rank 5 (shape [1,1,1,1,1]); wanted rank ${rank}`,
          );
        }
        expect(() => ops[`concat${rank}d`]!([x])).toThrowError(
          `concat${rank}d: argument 'tensors[0]' has rank 5 (shape [1,1,1,1,1]); wanted rank ${rank}`,
        );
        expect(() => ops[`concat${rank}d`]!([])).toThrowError(/argument 'tensors' is \[\]; wanted an array/);
      });
    });
  }

  it('have the rank in their types', () => {
    dl.tidy(() => {
      const a: dl.Tensor1D = dl.slice1d([1, 2, 3], 1, 1);
      const b: dl.Tensor2D = dl.pad2d(
        [[1]],
        [
          [0, 1],
          [0, 0],
        ],
      );
      const c: dl.Tensor3D = dl.reverse3d([[[1, 2]]], 2);
      const d: dl.Tensor4D = dl.concat4d([[[[[1]]]], [[[[2]]]]], 3);
      expectExact(a, [2]);
      expectExact(b, [[1], [0]]);
      expectExact(c, [[[2, 1]]]);
      expectExact(d, [[[[1, 2]]]]);
    });
  });
});
