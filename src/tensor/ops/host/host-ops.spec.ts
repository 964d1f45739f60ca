import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../../test/support/close';
import { at, build, numbers, sample, toTensor } from '../../../../test/support/reference';
import { hostOps } from './host-op';

describe('host ops', () => {
  it('are a list', () => {
    expect([...hostOps].sort()).toEqual([
      'booleanMaskAsync',
      'broadcastArgs',
      'nonMaxSuppression',
      'nonMaxSuppressionPadded',
      'nonMaxSuppressionWithScore',
      'setdiff1dAsync',
      'unique',
      'whereAsync',
    ]);
  });

  it('are never taped', () => {
    const f = (x: dl.Tensor): dl.Tensor => dl.unique(x).values.sum();
    dl.tidy(() => {
      expect(() => dl.grad(f)(dl.tensor1d([1, 2]))).toThrowError(/does not depend on its argument 0/);
    });
  });

  it('say in debug mode that they block, where they do', () => {
    const warn = spyOn(console, 'warn');
    dl.enableDebugMode({ log: false });
    try {
      dl.tidy(() => void dl.unique([1, 1]));
    } finally {
      dl.disableDebugMode();
    }
    if (dl.getBackend() === 'cpu') expect(warn).not.toHaveBeenCalled();
    else expect(warn.calls.allArgs().flat().join()).toMatch(/unique reads its inputs, and blocks/);
  });
});

describe('unique', () => {
  it('gives each element once, and which one each was', () => {
    dl.tidy(() => {
      const { values, indices } = dl.unique(dl.tensor1d([7, -1, 7, 0, NaN, -1, NaN, -0]));
      expectExact(values, [7, -1, 0, NaN]);
      expectExact(indices, [0, 1, 0, 2, 3, 1, 3, 2]);
      expect(indices.dtype).toBe('int32');
      const whole = dl.tensor1d([16777217, 16777216, 16777217], 'int32').unique();
      expect(whole.values.dtype).toBe('int32');
      expectExact(whole.values, [16777217, 16777216]);
      expect([...dl.unique([true, true]).values.dataSync()]).toEqual([1]);
    });
  });

  for (const axis of [0, 1, -1]) {
    it(`compares whole slices along axis ${axis}`, () => {
      const next = numbers(4);
      const x = build([4, 5, 3], () => Math.floor(next() * 1.3));
      const along = axis < 0 ? axis + 3 : axis;
      const slices = Array.from({ length: x.shape[along]! }, (_, i) =>
        build(
          x.shape.map((extent, k) => (k === along ? 1 : extent)),
          (index) =>
            at(
              x,
              index.map((each, k) => (k === along ? i : each)),
            ),
        ).values.join(),
      );
      const distinct = [...new Set(slices)];
      dl.tidy(() => {
        const { values, indices } = dl.unique(toTensor(x), axis);
        expectExact(
          indices,
          slices.map((each) => distinct.indexOf(each)),
        );
        const first = distinct.map((each) => slices.indexOf(each));
        const shape = x.shape.map((extent, k) => (k === along ? first.length : extent));
        expectExact(
          values,
          build(shape, (index) =>
            at(
              x,
              index.map((each, k) => (k === along ? first[each]! : each)),
            ),
          ),
        );
      });
    });
  }

  it('of nothing is nothing', () => {
    dl.tidy(() => {
      const { values, indices } = dl.unique(dl.zeros([0, 3]));
      expect(values.shape).toEqual([0, 3]);
      expect(indices.shape).toEqual([0]);
      expect(() => dl.unique(dl.zeros([2]), 1)).toThrowError(/unique: argument 'axis' is 1/);
    });
  });
});

describe('setdiff1dAsync', () => {
  it('gives what is in x alone', async () => {
    const [values, indices] = await dl.setdiff1dAsync([1, 5, 2, 5, 3], [2, 3, 9]);
    expectExact(values, [1, 5, 5]);
    expectExact(indices, [0, 1, 3]);
    dl.dispose([values, indices]);
    const x = dl.tensor1d([16777216, 16777217], 'int32');
    const [exact, where] = await x.setdiff1dAsync(new Int32Array([16777216]));
    expect(exact.dtype).toBe('int32');
    expectExact(exact, [16777217]);
    dl.dispose([x, exact, where]);
  });

  it('refuses two dtypes, and matrices', async () => {
    await expectAsync(dl.setdiff1dAsync([1], new Int32Array([1]))).toBeRejectedWithError(
      "setdiff1dAsync: arguments 'x' and 'y' are float32 and int32; wanted the same dtype",
    );
    await expectAsync(dl.setdiff1dAsync([[1]], [1])).toBeRejectedWithError(/argument 'x' has rank 2/);
  });
});

describe('whereAsync', () => {
  it('gives the indices of what is true', async () => {
    const x = sample([3, 2, 4], 7);
    const condition = dl.tidy(() => toTensor(x).greater(0));
    const reading = condition.whereAsync();
    condition.dispose();
    const found = await reading;
    const wanted: number[][] = [];
    build([3, 2, 4], (index) => (at(x, index) > 0 ? wanted.push(index) : 0));
    expect(found.dtype).toBe('int32');
    expectExact(found, wanted);
    found.dispose();
  });

  it('takes scalars and nothing', async () => {
    const yes = await dl.whereAsync(true);
    expect(yes.shape).toEqual([1, 0]);
    const none = await dl.whereAsync([false, false]);
    expect(none.shape).toEqual([0, 1]);
    dl.dispose([yes, none]);
  });

  it('refuses conditions that are none', async () => {
    const floats = dl.tensor1d([1, 0]);
    await expectAsync(floats.whereAsync()).toBeRejectedWithError(
      "whereAsync: argument 'condition' is float32; wanted bool",
    );
    floats.dispose();
  });
});

describe('booleanMaskAsync', () => {
  const x = sample([3, 4, 2], 3);

  it('takes the slices where the mask holds', async () => {
    const tensor = toTensor(x);
    const rows = tensor.booleanMaskAsync([true, false, true]);
    const columns = tensor.booleanMaskAsync([false, true, true, false], 1);
    const places = tensor.booleanMaskAsync(build([3, 4], ([i, j]) => Number(i === j)).values.map(Boolean), 0);
    await expectAsync(places).toBeRejectedWithError(
      /wanted the extents of the argument 'tensor', of shape \[3,4,2\], from axis 0 on/,
    );
    tensor.dispose();
    expectExact(
      await rows,
      build([2, 4, 2], ([i, ...rest]) => at(x, [i! * 2, ...rest])),
    );
    expectExact(
      await columns,
      build([3, 2, 2], ([i, j, k]) => at(x, [i!, j! + 1, k!])),
    );
    dl.dispose([await rows, await columns]);
  });

  it('joins the axes of the mask', async () => {
    const diagonal = [0, 1, 2].map((i) => [0, 1, 2, 3].map((j) => i === j));
    const tensor = toTensor(x);
    const found = await dl.booleanMaskAsync(tensor, diagonal);
    expectExact(
      found,
      build([3, 2], ([i, k]) => at(x, [i!, i!, k!])),
    );
    const none = await dl.booleanMaskAsync(tensor, [false, false], -1);
    expect(none.shape).toEqual([3, 4, 0]);
    dl.dispose([tensor, found, none]);
  });

  it('refuses masks that are none', async () => {
    await expectAsync(dl.booleanMaskAsync([1, 2], true)).toBeRejectedWithError(/argument 'mask' is a scalar/);
    const floats = dl.tensor1d([1, 0]);
    await expectAsync(dl.booleanMaskAsync([1, 2], floats)).toBeRejectedWithError(
      /argument 'mask' is float32; wanted bool/,
    );
    floats.dispose();
  });
});
