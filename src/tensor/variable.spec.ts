import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../test/support/close';
import { observeDevice } from './device-observers';

describe('variable', () => {
  it('begins with the values of a tensor, which stays the caller’s', () => {
    const initial = dl.tensor2d([[1, 2]]);
    const v = dl.variable(initial);
    expect(v).toBeInstanceOf(dl.Tensor);
    expect(v).toBeInstanceOf(dl.Variable);
    expect(v.shape).toEqual([1, 2]);
    expect(v.trainable).toBeTrue();
    expect(initial.isDisposed).toBeFalse();
    initial.dispose();
    expectExact(v, [[1, 2]]);
    v.dispose();
  });

  it('begins with plain values', async () => {
    const variables = [dl.variable(2), dl.variable([[1, 2]]), dl.variable([true, false], false, 'mask')];
    expect(variables.map(({ shape, dtype }) => [shape, dtype])).toEqual([
      [[], 'float32'],
      [[1, 2], 'float32'],
      [[2], 'bool'],
    ]);
    expect(await Promise.all(variables.map((each) => each.array()))).toEqual([2, [[1, 2]], [1, 0]]);
    dl.dispose(variables);
  });

  it('begins with what a function makes, of which nothing else is left', async () => {
    const before = dl.memory().numTensors;
    const doubled = dl.variable(
      () =>
        dl
          .ones([2, 3])
          .mul(2)
          .add(dl.ones([3])),
      true,
      'doubled',
      'int32',
    );
    expect(dl.memory().numTensors).toBe(before + 1);
    expect([doubled.name, doubled.dtype]).toEqual(['doubled', 'int32']);
    expect(await doubled.array()).toEqual([
      [3, 3, 3],
      [3, 3, 3],
    ]);
    const kept = dl.tensor1d([1, 2]);
    const same = dl.variable(() => kept);
    expect(await kept.array()).toEqual([1, 2]);
    dl.tidy(() => same.assign(dl.tensor1d([3, 4])));
    expect(await kept.array()).toEqual([1, 2]);
    dl.disposeVariables();
    kept.dispose();
  });

  it('leaves nothing when the function throws', () => {
    const before = dl.memory().numTensors;
    const failing = (): dl.Tensor => dl.ones([2]).add(dl.ones([3]));
    expect(() => dl.variable(failing)).toThrowError(/add/);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('takes part in ops as any tensor', () => {
    const v = dl.tidy(() => dl.variable(dl.tensor1d([1, 2])));
    dl.tidy(() => {
      expectExact(v.add(1), [2, 3]);
      expectExact(dl.mul(v, v), [1, 4]);
    });
    v.dispose();
  });

  it('has a unique name, free again once it is disposed', () => {
    const [a, b] = dl.tidy(() => [dl.variable(dl.scalar(1)), dl.variable(dl.scalar(1))] as const);
    expect(a.name).not.toBe(b.name);
    const named = dl.tidy(() => dl.variable(dl.scalar(1), false, 'weights'));
    expect(named.name).toBe('weights');
    expect(named.trainable).toBeFalse();
    dl.tidy(() =>
      expect(() => dl.variable(dl.scalar(2), true, 'weights')).toThrowError(
        /variable: argument 'name' is 'weights', the name of another variable; wanted a unique name/,
      ),
    );
    named.dispose();
    const again = dl.tidy(() => dl.variable(dl.scalar(2), true, 'weights'));
    dl.dispose([a, b, again]);
  });

  it('makes up a name that is not taken', () => {
    const first = dl.tidy(() => dl.variable(dl.scalar(1)));
    const number = Number(/\d+$/.exec(first.name)![0]);
    const taken = dl.tidy(() => dl.variable(dl.scalar(1), true, `variable_${number + 1}`));
    const next = dl.tidy(() => dl.variable(dl.scalar(1)));
    expect(next.name).not.toBe(taken.name);
    dl.dispose([first, taken, next]);
  });

  it('converts to another dtype', () => {
    const v = dl.tidy(() => dl.variable(dl.tensor1d([1.7, -1.7]), false, undefined, 'int32'));
    expect(v.dataSync()).toEqual(new Int32Array([1, -1]));
    v.dispose();
  });

  it('refuses what is no tensor', () => {
    expect(() => dl.variable('3' as never)).toThrowError(
      /variable: argument 'initialValue' is .*; wanted a tensor, a number, or nested arrays/,
    );
    expect(() => dl.variable((() => undefined) as never)).toThrowError(
      /argument 'initialValue' is undefined/,
    );
  });

  it('is freed by disposeVariables', () => {
    const before = dl.memory().numTensors;
    const variables = dl.tidy(() => [dl.variable(dl.scalar(1)), dl.variable(dl.scalar(2), false)]);
    dl.disposeVariables();
    expect(variables.every((v) => v.isDisposed)).toBeTrue();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('is freed once', () => {
    const v = dl.tidy(() => dl.variable(dl.scalar(1), true, 'once'));
    v.dispose();
    const other = dl.tidy(() => dl.variable(dl.scalar(1), true, 'once'));
    v.dispose();
    dl.tidy(() => expect(() => dl.variable(dl.scalar(1), true, 'once')).toThrowError(/another variable/));
    other.dispose();
    expect(() => v.add(1)).toThrowError(/disposed/);
  });
});

describe('assign', () => {
  it('replaces the values; the tensor given stays the caller’s', () => {
    const v = dl.tidy(() => dl.variable(dl.tensor1d([1, 2])));
    const next = dl.tensor1d([3, 4]);
    expect(v.assign(next)).toBe(v);
    expectExact(v, [3, 4]);
    next.dispose();
    expectExact(v, [3, 4]);
    dl.tidy(() => v.assign(v.add(1)));
    expectExact(v, [4, 5]);
    v.assign(v);
    expectExact(v, [4, 5]);
    v.dispose();
  });

  it('never changes a view, a tensor made before, or a pending read', async () => {
    const v = dl.tidy(() => dl.variable(dl.tensor1d([1, 2])));
    const view = v.reshape([2, 1]);
    const clone = v.clone();
    const pending = v.data();
    dl.tidy(() => v.assign(dl.tensor1d([8, 9])));
    expectExact(view, [[1], [2]]);
    expectExact(clone, [1, 2]);
    expect(await pending).toEqual(new Float32Array([1, 2]));
    dl.dispose([v, view, clone]);
  });

  it('changes nothing if the old values cannot be freed', () => {
    const v = dl.tidy(() => dl.variable(dl.scalar(1)));
    const next = dl.scalar(2);
    const { numDataBuffers } = dl.memory();
    const stop = observeDevice({
      free: () => {
        throw new RangeError('too deep');
      },
    });
    expect(() => v.assign(next)).toThrowError('too deep');
    stop();
    expectExact(v, 1);
    dl.dispose([v, next]);
    expect(dl.memory().numDataBuffers).toBe(numDataBuffers - 2);
  });

  it('does not change what was assigned when the variable changes', () => {
    const v = dl.tidy(() => dl.variable(dl.tensor1d([1])));
    const value = dl.tensor1d([2]);
    v.assign(value);
    const optimizer = dl.train.sgd(1);
    optimizer.minimize(() => v.sum<dl.Scalar>());
    expectExact(v, [1]);
    expectExact(value, [2]);
    dl.dispose([v, value]);
    optimizer.dispose();
  });

  it('refuses another shape or dtype, and what was disposed', () => {
    const v = dl.tidy(() => dl.variable(dl.tensor1d([1, 2]), true, 'v'));
    dl.tidy(() => {
      expect(() => v.assign(dl.tensor1d([1]))).toThrowError(
        /assign: argument 'value' has shape \[1\]; wanted \[2\], as variable 'v'/,
      );
      expect(() => v.assign(dl.tensor1d([1, 2], 'int32'))).toThrowError(
        /assign: argument 'value' is int32; wanted float32, as variable 'v'/,
      );
      const gone = dl.tensor1d([1, 2]);
      gone.dispose();
      expect(() => v.assign(gone)).toThrowError(/assign: argument 'value' .*disposed/);
    });
    v.dispose();
    dl.tidy(() =>
      expect(() => v.assign(dl.tensor1d([1, 2]))).toThrowError(/assign: argument 'variable' .*disposed/),
    );
  });
});
