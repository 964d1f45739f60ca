import * as dl from 'rxtensor/tensor';
import type { NestedArray } from './nested-array';
import { openScope } from './extent';
import { closeScope } from './scope';
import { expectExact } from '../../test/support/close';
import { reference, sample, toTensor } from '../../test/support/reference';

describe('Tensor', () => {
  it('knows its shape, rank, size, strides and type', () => {
    dl.tidy(() => {
      const x = dl.zeros<dl.Rank.R3>([2, 3, 4], 'int32');
      expect(x.shape).toEqual([2, 3, 4]);
      expect(x.rank).toBe(3);
      expect(x.rankType).toBe(dl.Rank.R3);
      expect(x.size).toBe(24);
      expect(x.strides).toEqual([12, 4]);
      expect(x.dtype).toBe('int32');
      expect(dl.scalar(1).size).toBe(1);
      expect(dl.scalar(1).strides).toEqual([]);
      expect(dl.zeros([0, 2]).size).toBe(0);
      expect(x.id).not.toBe(x.clone().id);
    });
  });

  it('reads values of every dtype, synchronously and not', async () => {
    const values = {
      float32: new Float32Array([1.5, -2]),
      int32: new Int32Array([1, -2]),
      bool: new Uint8Array([1, 1]),
    };
    for (const dtype of ['float32', 'int32', 'bool'] as const) {
      const x = dl.tensor1d([1.5, -2], dtype);
      expect(x.dataSync()).toEqual(values[dtype]);
      expect(await x.data()).toEqual(values[dtype]);
      x.dispose();
    }
  });

  it('gives nested arrays', async () => {
    for (const shape of [
      [],
      [2],
      [2, 3],
      [1, 2, 2],
      [2, 1, 2, 1],
      [1, 1, 2, 1, 2],
      [2, 1, 1, 1, 1, 2],
      [2, 0],
    ]) {
      const wanted = sample(shape);
      const x = toTensor(wanted);
      const array: unknown = await x.array();
      expect(array).toEqual(x.arraySync());
      const found = reference(array as NestedArray);
      expect(found.shape).toEqual(shape);
      expect(found.values).toEqual(wanted.values);
      x.dispose();
    }
  });

  it('gives what it was when data() was called, disposed or not', async () => {
    const x = dl.tensor1d([1, 2, 3]);
    const pending = x.data();
    x.dispose();
    // Takes the storage that has just been freed.
    const y = dl.tensor1d([9, 9, 9]);
    expect(await pending).toEqual(new Float32Array([1, 2, 3]));
    y.dispose();
  });

  it('gives copies', async () => {
    const x = dl.tensor1d([1, 2]);
    x.dataSync()[0] = 7;
    (await x.data())[1] = 8;
    expectExact(x, [1, 2]);
    x.dispose();
  });

  it('reads tensors of no elements', async () => {
    const x = dl.zeros([2, 0]);
    expect(x.dataSync()).toEqual(new Float32Array(0));
    expect(await x.data()).toEqual(new Float32Array(0));
    expect(await x.array()).toEqual([[], []] as never);
    x.dispose();
  });
});

describe('views', () => {
  it('share one storage, which goes with the last of them', () => {
    const before = dl.memory();
    const a = dl.ones([2, 3]);
    const views = [a.clone(), a.reshape([6]), a.cast('float32'), a.expandDims(0), a.flatten()];
    expect(dl.memory().numTensors).toBe(before.numTensors + 6);
    expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers + 1);
    expect(dl.memory().numBytes).toBe(before.numBytes + 24);
    a.dispose();
    for (const view of views) {
      expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers + 1);
      expect([...view.dataSync()]).toEqual([1, 1, 1, 1, 1, 1]);
      view.dispose();
    }
    expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers);
  });

  it('are freed once, however often they are disposed', () => {
    const a = dl.ones([2]);
    const b = a.clone();
    a.dispose();
    a.dispose();
    expectExact(b, [1, 1]);
    b.dispose();
    b.dispose();
    expect(b.isDisposed).toBeTrue();
  });
});

describe('use after dispose', () => {
  const gone = (): dl.Tensor => {
    const x = dl.ones([2, 3]);
    x.dispose();
    return x;
  };

  it('is an error in ops, naming op, argument and tensor', () => {
    const x = gone();
    expect(() => dl.add(1, x)).toThrowError(
      `add: argument 'b' is tensor #${x.id} of shape [2,3], which was disposed; wanted a live tensor`,
    );
    expect(() => x.square()).toThrowError(/square: argument 'x' .*disposed/);
    expect(() => dl.concat([x, x])).toThrowError(/concat: argument 'tensors\[0\]' .*disposed/);
    expect(() => dl.keep(x)).toThrowError(/keep: .*disposed/);
    expect(() => dl.variable(x)).toThrowError(/variable: argument 'initialValue' .*disposed/);
  });

  it('is an error in reads', async () => {
    expect(() => gone().dataSync()).toThrowError(/dataSync: .*disposed/);
    expect(() => gone().arraySync()).toThrowError(/disposed/);
    expect(() => gone().print()).toThrowError(/disposed/);
    expect(() => gone().toString()).toThrowError(/disposed/);
    await expectAsync(gone().data()).toBeRejectedWithError(/data: .*disposed/);
    await expectAsync(gone().array()).toBeRejectedWithError(/disposed/);
  });

  it('says which tidy freed it', () => {
    let x: dl.Tensor | undefined;
    dl.tidy('my layer', () => {
      x = dl.ones([1]);
    });
    expect(() => x!.square()).toThrowError(
      /freed at the end of the scope 'my layer' .*return it from the tidy, or keep\(\) it/,
    );
  });

  it('says which emission it was made in, the rule and the cures', () => {
    const scope = openScope('emission', 'mapTensor');
    const x = dl.ones([1]);
    closeScope(scope);
    expect(() => x.square()).toThrowError(
      /made in an emission of mapTensor that has ended\. A tensor made during an emission lives until that emission ends\./,
    );
    for (const cure of [
      /keep\(tensor\.clone\(\)\)/,
      /at the end of the pipe own\(\), above firstValueFrom or toArray, or ownLast\(\), above lastValueFrom/,
      /across\(operator\)/,
      /combineLatestTensor, zipTensor, withLatestFromTensor, shareReplayTensor, scanTensor, batch or slidingWindow/,
    ]) {
      expect(() => x.square()).toThrowError(cure);
    }
  });
});

describe('using', () => {
  it('frees the tensor at the end of the block, also after an error', () => {
    const before = dl.memory().numTensors;
    {
      using a = dl.ones([2]);
      using b = a.square();
      expectExact(b, [1, 1]);
      expect(dl.memory().numTensors).toBe(before + 2);
    }
    expect(dl.memory().numTensors).toBe(before);
    expect(() => {
      using _a = dl.ones([2]);
      throw new Error('mine');
    }).toThrowError('mine');
    expect(dl.memory().numTensors).toBe(before);
  });
});
