// The promises of the introduction: the first programs that a newcomer writes.
import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../test/support/close';

describe('introduction', () => {
  it('makes a matrix from flat values and a shape, or from rows', () => {
    dl.tidy(() => {
      const a = dl.tensor2d([1, 2, 3, 10, 20, 30], [2, 3]);
      expectExact(a, [
        [1, 2, 3],
        [10, 20, 30],
      ]);
      const b = dl.tensor2d([
        [0, 2],
        [4, 6],
      ]);
      expect(b.shape).toEqual([2, 2]);
      expect(b.rank).toBe(2);
      expect(b.dtype).toBe('float32');
    });
  });

  it('has sugar for each rank', () => {
    dl.tidy(() => {
      const ranks = [
        dl.scalar(1),
        dl.tensor1d([1]),
        dl.tensor2d([[1]]),
        dl.tensor3d([[[1]]]),
        dl.tensor4d([[[[1]]]]),
      ];
      expect(ranks.map((x) => x.rank)).toEqual([0, 1, 2, 3, 4]);
    });
  });

  it('downloads values with data() and dataSync()', async () => {
    let a: dl.Tensor = dl.tensor2d([
      [0, 2],
      [4, 6],
    ]);
    const square = a.square();
    a.dispose();
    a = square;
    const data = await a.data();
    expect(data).toBeInstanceOf(Float32Array);
    expectExact(data, [0, 4, 16, 36]);
    expectExact(a.dataSync(), [0, 4, 16, 36]);
    a.dispose();
  });

  it('chains operations, and has the same ones as functions', () => {
    dl.tidy(() => {
      const a = dl.tensor2d([
        [1, 2],
        [3, 4],
      ]);
      const b = dl.tensor2d([
        [0, 2],
        [4, 6],
      ]);
      expectClose(a.sub(b).square().mean(), 1.5);
      expectClose(dl.mean(dl.square(dl.sub(a, b))), 1.5);
    });
  });

  it('tidies up: flat values without a shape stay flat, and broadcast', () => {
    const a = dl.tensor2d([1, 2, 3, 4]);
    expect(a.shape).toEqual([4] as number[] as [number, number]);
    const b = dl.tensor2d([1, 1, 1, 1], [1, 4]);
    const before = dl.memory();
    const average = dl.tidy(() => a.sub(b).square().mean());
    expect(dl.memory().numTensors).toBe(before.numTensors + 1);
    expect(dl.memory().numBytes).toBe(before.numBytes + 4);
    expectClose(average, 3.5);
    dl.dispose([a, b, average]);
  });

  it('disposes by hand', () => {
    const a = dl.tensor2d([
      [0, 2],
      [4, 6],
    ]);
    const square = a.square();
    const before = dl.memory();
    square.dispose();
    expect(dl.memory().numTensors).toBe(before.numTensors - 1);
    expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers - 1);
    a.dispose();
  });

  it('trains variables with an optimizer', () => {
    const weights = dl.tidy(() => dl.variable(dl.randomNormal<dl.Rank.R2>([3, 2])));
    const biases = dl.tidy(() => dl.variable(dl.zeros<dl.Rank.R1>([2])));
    const optimizer = dl.train.sgd(0.1);
    const data = dl.randomNormal<dl.Rank.R2>([8, 3]);
    const labels = dl.tidy(() => data.matMul<dl.Tensor2D>(dl.ones([3, 2])).add(1));

    const inference = (input: dl.Tensor2D): dl.Tensor2D => input.matMul<dl.Tensor2D>(weights).add(biases);
    const loss = (predictions: dl.Tensor, wanted: dl.Tensor): dl.Scalar =>
      predictions.sub(wanted).square().mean();
    const trainStep = (returnCost: boolean): dl.Scalar | null =>
      optimizer.minimize(() => loss(inference(data), labels), returnCost);

    expect(trainStep(false)).toBeNull();
    const costs: number[] = [];
    for (let step = 0; step < 20; step++) {
      const cost = trainStep(true);
      costs.push(cost!.dataSync()[0]!);
      cost!.dispose();
    }
    costs.slice(1).forEach((cost, i) => expect(cost).toBeLessThan(costs[i]!));
    expect(costs.at(-1)).toBeLessThan(0.5 * costs[0]!);
    dl.dispose([weights, biases, data, labels]);
    optimizer.dispose();
  });

  it('waits for the next frame', async () => {
    await dl.nextFrame();
    await dl.ready();
    expect(dl.backend().name).toBe(dl.getBackend());
  });

  it('tells and chooses the backend', () => {
    const here = dl.getBackend();
    expect(['cpu', 'webgl']).toContain(here);
    dl.setBackend('cpu');
    expect(dl.getBackend()).toBe('cpu');
    dl.setBackend(here);
    expect(() => dl.setBackend('abacus')).toThrowError(/argument 'name' is 'abacus'; wanted one of .*'cpu'/);
  });

  it('reads a difference with either call', async () => {
    const a = dl.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    const b = dl.tensor2d([
      [0, 2],
      [4, 6],
    ]);
    const diff = dl.sub(a, b);
    expect((await diff.data()).join()).toBe('1,0,-1,-2');
    expect(diff.dataSync().join()).toBe('1,0,-1,-2');
    dl.dispose([a, b, diff]);
  });
});
