import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { build } from '../../../test/support/reference';

describe('tensor', () => {
  it('infers shape and dtype', () => {
    dl.tidy(() => {
      const cases: [dl.TensorLike, number[], dl.DataType, number[]][] = [
        [3, [], 'float32', [3]],
        [true, [], 'bool', [1]],
        [[1.5, 2], [2], 'float32', [1.5, 2]],
        [[[1], [2]], [2, 1], 'float32', [1, 2]],
        [[true, false], [2], 'bool', [1, 0]],
        [[[[[[[5]]]]]], [1, 1, 1, 1, 1, 1], 'float32', [5]],
        [new Float32Array([1.5]), [1], 'float32', [1.5]],
        [new Int32Array([-3, 4]), [2], 'int32', [-3, 4]],
        [new Uint8Array([255]), [1], 'int32', [255]],
        [new Uint8ClampedArray([7, 8]), [2], 'int32', [7, 8]],
        [[new Float32Array([1, 2]), new Float32Array([3, 4])], [2, 2], 'float32', [1, 2, 3, 4]],
        [[], [0], 'float32', []],
        [[[], []], [2, 0], 'float32', []],
      ];
      for (const [given, shape, dtype, values] of cases) {
        const x = dl.tensor(given);
        expect(x.shape).toEqual(shape as never);
        expect(x.dtype).toBe(dtype);
        expectExact(x, { shape, values });
      }
    });
  });

  it('reads back as the array type of its dtype', () => {
    dl.tidy(() => {
      expect(dl.tensor([1.5]).dataSync()).toEqual(new Float32Array([1.5]));
      expect(dl.tensor([1.5, -1.5], [2], 'int32').dataSync()).toEqual(new Int32Array([1, -1]));
      expect(dl.tensor([0, 2, -0.5], [3], 'bool').dataSync()).toEqual(new Uint8Array([0, 1, 1]));
      expect(dl.tensor([true, false], [2], 'float32').dataSync()).toEqual(new Float32Array([1, 0]));
    });
  });

  it('keeps special values and the range of int32', () => {
    dl.tidy(() => {
      expectExact(dl.tensor([NaN, Infinity, -Infinity, 3.4028234663852886e38]), [
        NaN,
        Infinity,
        -Infinity,
        3.4028234663852886e38,
      ]);
      expectExact(
        dl.tensor([2147483647, -2147483648, 16777217], [3], 'int32'),
        [2147483647, -2147483648, 16777217],
      );
      expect(Object.is(dl.tensor([-0]).dataSync()[0], -0)).toBeTrue();
    });
  });

  it('takes a copy of what it is given', () => {
    const values = new Float32Array([1, 2]);
    const x = dl.tensor(values);
    values[0] = 9;
    expectExact(x, [1, 2]);
    x.dispose();
  });

  it('refuses ragged, wrong or too few values', () => {
    expect(() => dl.tensor([[1, 2], [3]])).toThrowError(
      /tensor: .*ragged: at \[1\] found an array of 1; wanted one of 2/,
    );
    expect(() => dl.tensor([[1], 2] as never)).toThrowError(/ragged: at \[1\] found 2; wanted an array of 1/);
    expect(() => dl.tensor([1, [2]] as never)).toThrowError(
      /ragged: at \[1\] found an array of 1; wanted a number/,
    );
    expect(() => dl.tensor([1, 2, 3], [2, 2])).toThrowError(
      /tensor: argument 'values' has 3 elements.*wanted 4, for the shape \[2,2\]/,
    );
    expect(() => dl.tensor([[1, 2, 3, 4]], [2, 2])).toThrowError(
      /nested to the shape \[1,4\]; wanted \[2,2\]/,
    );
    expect(() => dl.tensor('abc' as never)).toThrowError(
      /tensor: argument 'values' holds a string; wanted numbers/,
    );
    expect(() => dl.tensor(undefined as never)).toThrowError(/holds undefined/);
    expect(() => dl.tensor(null as never)).toThrowError(/holds null/);
    expect(() => dl.tensor([{}] as never)).toThrowError(/holds an object/);
    expect(() => dl.tensor(new Float64Array(1) as never)).toThrowError(/holds a Float64Array/);
    expect(() => dl.tensor([1], [-1])).toThrowError(
      /argument 'shape' is \[-1\]; wanted an array of non-negative integers/,
    );
    expect(() => dl.tensor([1], [1.5])).toThrowError(/non-negative integers/);
    expect(() => dl.tensor([1], 1 as never)).toThrowError(/argument 'shape' is 1; wanted an array/);
    expect(() => dl.tensor([1], [1], 'float64' as never)).toThrowError(
      /argument 'dtype' is 'float64'; wanted 'float32', 'int32' or 'bool'/,
    );
  });
});

describe('scalar', () => {
  it('makes one number or boolean', () => {
    dl.tidy(() => {
      expectExact(dl.scalar(2.5), 2.5);
      expect(dl.scalar(true).dtype).toBe('bool');
      expect(dl.scalar(3.7, 'int32').dataSync()).toEqual(new Int32Array([3]));
    });
  });

  it('refuses anything else', () => {
    expect(() => dl.scalar([1] as never)).toThrowError(
      /scalar: argument 'value' is \[1\]; wanted a number or a boolean/,
    );
    expect(() => dl.scalar('1' as never)).toThrowError(/scalar: .*'1'/);
  });
});

describe('tensor1d to tensor6d', () => {
  const makers = [dl.tensor1d, dl.tensor2d, dl.tensor3d, dl.tensor4d, dl.tensor5d, dl.tensor6d] as const;
  type Maker = (values: dl.RecursiveArray, shape?: number[], dtype?: dl.DataType) => dl.Tensor;

  makers.slice(1).forEach((maker, i) => {
    const rank = i + 2;
    const make = maker as unknown as Maker;
    const shape = Array.from({ length: rank }, (_, axis) => 1 + (axis % 2));
    const { values } = build(shape, () => 1);

    it(`tensor${rank}d takes flat values with a shape, or nested ones`, () => {
      dl.tidy(() => {
        expect(make([...values], shape).shape).toEqual(shape as never);
        const nested = make([...values], shape).arraySync() as unknown as dl.RecursiveArray;
        expect(make(nested).shape).toEqual(shape as never);
        expect(make([...values], shape, 'int32').dtype).toBe('int32');
      });
    });

    it(`tensor${rank}d leaves flat values without a shape flat`, () => {
      dl.tidy(() => expect(make([1, 2, 3]).shape).toEqual([3] as never));
    });

    it(`tensor${rank}d refuses another rank`, () => {
      expect(() => make([...values], shape.slice(1))).toThrowError(
        new RegExp(`tensor${rank}d: argument 'shape'.*wanted ${rank} non-negative integers`),
      );
      const tooDeep = Array.from({ length: rank + 1 }).reduce<dl.RecursiveArray>((inner) => [inner], [1]);
      expect(() => make(tooDeep)).toThrowError(
        new RegExp(`tensor${rank}d: .*nested to rank ${rank + 2}; wanted rank ${rank}`),
      );
    });
  });

  it('tensor1d refuses nested values', () => {
    expect(() => dl.tensor1d([[1]] as never)).toThrowError(/tensor1d: .*nested to rank 2; wanted rank 1/);
    expect(() => dl.tensor1d(3 as never)).toThrowError(/tensor1d: /);
  });
});

describe('fill, zeros, ones', () => {
  it('have one value everywhere, in every dtype', () => {
    dl.tidy(() => {
      expectExact(
        dl.fill([2, 2], 2.5),
        build([2, 2], () => 2.5),
      );
      expect(dl.fill([2], -7, 'int32').dataSync()).toEqual(new Int32Array([-7, -7]));
      expect(dl.fill([2], 5, 'bool').dataSync()).toEqual(new Uint8Array([1, 1]));
      expectExact(dl.fill([1], NaN), [NaN]);
      expectExact(dl.zeros([3]), [0, 0, 0]);
      expect(dl.zeros([1], 'bool').dataSync()).toEqual(new Uint8Array([0]));
      expectExact(dl.ones([2, 1]), [[1], [1]]);
      expect(dl.ones([1], 'int32').dtype).toBe('int32');
      expect(dl.zeros([0, 3]).size).toBe(0);
      expect(dl.ones([]).shape).toEqual([] as never);
    });
  });

  it('zerosLike and onesLike take shape and dtype', () => {
    dl.tidy(() => {
      for (const dtype of ['float32', 'int32', 'bool'] as const) {
        const x = dl.fill([2, 3], 1, dtype);
        expect(dl.zerosLike(x).dtype).toBe(dtype);
        expectExact(
          dl.zerosLike(x),
          build([2, 3], () => 0),
        );
        expectExact(
          x.onesLike(),
          build([2, 3], () => 1),
        );
        expect(x.onesLike().dtype).toBe(dtype);
      }
      expectExact(dl.zerosLike([1, 2]), [0, 0]);
    });
  });

  it('refuse bad shapes, values and dtypes', () => {
    expect(() => dl.zeros([-1])).toThrowError(/zeros: argument 'shape' is \[-1\]/);
    expect(() => dl.ones(3 as never)).toThrowError(/ones: argument 'shape'/);
    expect(() => dl.fill([1], 'a' as never)).toThrowError(/fill: argument 'value' is 'a'; wanted a number/);
    expect(() => dl.fill([1], 1, 'complex64' as never)).toThrowError(/fill: argument 'dtype' is 'complex64'/);
    expect(() => dl.zerosLike({} as never)).toThrowError(/zerosLike: argument 'x'/);
  });
});

describe('print', () => {
  it('writes a tensor to the console', () => {
    const log = spyOn(console, 'log');
    dl.tidy(() => {
      dl.print(dl.tensor1d([1, 2]));
      dl.tensor1d([1], 'int32').print(true);
    });
    expect(log.calls.argsFor(0)[0]).toBe('Tensor\n  [1, 2]');
    expect(log.calls.argsFor(1)[0]).toMatch(/dtype: int32/);
  });
});
