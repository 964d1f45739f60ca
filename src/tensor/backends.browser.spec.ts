// Tensors that move between the CPU and WebGL. Without WebGL2 there is only one backend, and nothing moves.
import * as dl from 'rxtensor/tensor';
import { findBackend } from '../kernels';
import { expectClose, expectExact } from '../../test/support/close';
import { sample, toTensor } from '../../test/support/reference';

const names = ['cpu', 'webgl'];

/** Runs work for both orders of the two backends, then restores the backend of this run. */
async function bothWays(work: (first: string, second: string) => void | Promise<void>): Promise<void> {
  expect(names.map((name) => findBackend(name)?.name)).toEqual(names);
  const here = dl.getBackend();
  try {
    for (const first of names)
      await work(
        first,
        names.find((name) => name !== first)!,
      );
  } finally {
    dl.setBackend(here);
  }
}

describe('a tensor used on the other backend', () => {
  it('moves with its values, in every dtype', async () => {
    await bothWays((first, second) => {
      for (const dtype of ['float32', 'int32', 'bool'] as const) {
        dl.setBackend(first);
        const x = dl.tensor1d([1.5, 0, -3], dtype);
        const wanted = [...x.dataSync()];
        dl.setBackend(second);
        const y = dl.tidy(() => x.reshape([3, 1]).concat([[7], [8]]));
        expect(y.storage.backend.name).toBe(second);
        expect(x.storage.backend.name).toBe(second);
        expect([...y.dataSync()].slice(0, 3)).toEqual(wanted);
        expectExact(x, wanted);
        dl.dispose([x, y]);
      }
    });
  });

  it('moves together with its views', async () => {
    await bothWays((first, second) => {
      dl.setBackend(first);
      dl.tidy(() => {
        const x = dl.tensor1d([1, 2]);
        const view = x.reshape([2, 1]);
        dl.setBackend(second);
        const y = x.add(1);
        expect(view.storage.backend.name).toBe(second);
        expectExact(view, [[1], [2]]);
        expectExact(y, [2, 3]);
        dl.setBackend(first);
        expectExact(view.mul(2), [[2], [4]]);
      });
    });
  });

  it('may be read where it is, without moving', async () => {
    await bothWays(async (first, second) => {
      dl.setBackend(first);
      const x = dl.tensor1d([1, 2]);
      dl.setBackend(second);
      expectExact(x.dataSync(), [1, 2]);
      expectExact(await x.data(), [1, 2]);
      expect(x.storage.backend.name).toBe(first);
      x.dispose();
    });
  });

  it('leaves bytes and buffers as they were', async () => {
    await bothWays((first, second) => {
      dl.setBackend(first);
      const x = dl.ones([10]);
      const before = dl.memory();
      dl.setBackend(second);
      dl.tidy(() => void x.square());
      expect(dl.memory().numBytes).toBe(before.numBytes);
      expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers);
      x.dispose();
    });
  });

  it('may have no elements', async () => {
    await bothWays((first, second) => {
      dl.setBackend(first);
      const x = dl.zeros([0, 2]);
      dl.setBackend(second);
      dl.tidy(() => expect(x.square().shape).toEqual([0, 2] as never));
      x.dispose();
    });
  });

  it('gives gradients across the border', async () => {
    await bothWays((first, second) => {
      dl.setBackend(first);
      dl.tidy(() => {
        const x = dl.tensor1d([1, 2, 3]);
        const dx = dl.grad((each) => {
          const square = each.square();
          dl.setBackend(second);
          return square.mul(each);
        })(x);
        expectClose(dx, [3, 12, 27]);
      });
    });
  });

  it('trains on: variables and slots move', async () => {
    await bothWays((first, second) => {
      dl.setBackend(first);
      const v = dl.tidy(() => dl.variable(dl.tensor1d([1, -2])));
      const optimizer = dl.train.momentum(0.1, 0.9);
      const loss = (): dl.Scalar => v.square().sum();
      optimizer.minimize(loss);
      const clone = v.clone();
      dl.setBackend(second);
      optimizer.minimize(loss);
      // v = 1 − 0.2 = 0.8; a = 0.9·2 + 1.6 = 3.4; v = 0.46
      expectClose(v, [0.46, -0.92]);
      expectClose(clone, [0.8, -1.6]);
      dl.dispose([v, clone]);
      optimizer.dispose();
    });
  });
});

describe('both backends', () => {
  it('draw the same random numbers', async () => {
    const drawn: Record<string, number[][]> = {};
    await bothWays((first) => {
      dl.setBackend(first);
      dl.setSeed(99);
      drawn[first] = dl.tidy(() => [
        [...dl.randomUniform([500], -3, 11).dataSync()],
        [...dl.randomUniformInt([500], -7, 100).dataSync()],
        [...dl.randomUniform([500], 0, 1, 'bool').dataSync()],
        [...dl.randomNormal([500]).dataSync()],
      ]);
    });
    const [cpu, webgl] = [drawn.cpu!, drawn.webgl!];
    for (let i = 0; i < 3; i++) expect(webgl[i]).toEqual(cpu[i]);
    expectClose(webgl[3]!, cpu[3]!, 2e-5);
  });

  it('give the same of a small network', async () => {
    const results: Record<string, number[]> = {};
    await bothWays((first) => {
      dl.setBackend(first);
      results[first] = dl.tidy(() => {
        const image = toTensor(sample([2, 6, 6, 1], 1)) as dl.Tensor4D;
        const filter = toTensor(sample([3, 3, 1, 4], 2)) as dl.Tensor4D;
        const pooled = dl.maxPool(dl.relu(dl.conv2d(image, filter, 1, 'same')), 2, 2, 'valid');
        return [
          ...pooled
            .reshape([2, -1])
            .matMul(toTensor(sample([36, 3], 3)))
            .softmax()
            .dataSync(),
        ];
      });
    });
    expectClose(results.webgl!, results.cpu!, 1e-4);
  });
});
