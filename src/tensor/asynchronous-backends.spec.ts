// Backends that are opened or read asynchronously, and backends that lack kernels. The backend of the run does not matter.
import * as dl from 'rxtensor';
import {
  asynchronousBackend,
  onAsynchronousBackend,
  type Abilities,
} from '../../test/support/asynchronous-backend';
import { expectClose } from '../../test/support/close';
import { findBackend, type KernelName } from '../kernels';

const lacks: readonly KernelName[] = ['matMul', 'softmax', 'transpose', 'reduce', 'update'];
const kinds: Record<string, Abilities> = {
  'is complete and reads asynchronously only': {},
  'lacks kernels and reads at once': { lacks, readsNow: true },
  'lacks kernels and reads asynchronously only': { lacks },
};

for (const [kind, abilities] of Object.entries(kinds)) {
  describe(`a backend that ${kind}`, () => {
    const here = (work: () => unknown): Promise<void> => onAsynchronousBackend(abilities, work);

    it('computes ops, one after the other', async () => {
      await here(async () => {
        const results = dl.tidy(() => {
          const x = dl.tensor2d([
            [1, 2, 3],
            [4, 5, 6],
          ]);
          const product = x.matMul(x.transpose()).sub(30);
          return [
            product,
            product.softmax(),
            product.relu().sum(1).add([1, 2]),
            x.greater(2).logicalNot(),
            dl.concat([x, x.square()], 1).max(0),
            x.cast('int32').sum(),
          ];
        });
        const values = await Promise.all(results.map((each) => each.array()));
        expectClose((values[0] as number[][]).flat(), [...[-16, 2], ...[2, 47]]);
        expectClose((values[1] as number[][])[0]!, [Math.exp(-18), 1], 1e-6);
        expect(values.slice(2)).toEqual([
          [3, 51],
          [
            [1, 1, 0],
            [0, 0, 0],
          ],
          [4, 5, 6, 16, 25, 36],
          21,
        ]);
        dl.dispose(results);
      });
    });

    it('computes gradients', async () => {
      await here(async () => {
        const w = dl.tensor2d([[1], [-2]]);
        const gradient = dl.tidy(() => {
          const x = dl.tensor2d([
            [1, 2],
            [3, 4],
          ]);
          return dl.grad((each: dl.Tensor) => x.matMul(each).square().mean())(w);
        });
        // The products are −3 and −5; the derivative is the mean of 2·product·x.
        expectClose(await gradient.data(), [-18, -26]);
        dl.dispose([w, gradient]);
      });
    });

    it('takes steps of an optimizer, and gives its state', async () => {
      await here(async () => {
        const v = dl.tidy(() => dl.variable(dl.tensor1d([1, -2])));
        const optimizer = dl.train.momentum(0.1, 0.9);
        for (let step = 0; step < 2; step++) optimizer.minimize(() => v.square().sum().asScalar());
        // v = 1 − 0.2 = 0.8; the momentum 0.9·2 + 1.6 = 3.4; v = 0.46
        expectClose(await v.data(), [0.46, -0.92]);
        const weights = await optimizer.getWeights();
        const slot = weights[1];
        expectClose(await slot!.tensor.data(), [3.4, -6.8]);
        const condition = dl.scalar(false, 'bool');
        optimizer.applyGradients({ [v.name]: slot!.tensor }, condition);
        expectClose(await v.data(), [0.46, -0.92]);
        dl.dispose([v, condition, ...weights.map(({ tensor }) => tensor)]);
        optimizer.dispose();
      });
    });

    it('runs a pipeline that trains', async () => {
      await here(async () => {
        const w = dl.tidy(() => dl.variable(dl.scalar(0)));
        const optimizer = dl.train.sgd(0.05);
        const losses: number[] = [];
        await new Promise<void>((complete, error) => {
          dl.examples([1, 2, 3, 4], { epochs: 10, shuffle: false })
            .pipe(
              dl.batch(2),
              dl.trainStep(optimizer, (x) =>
                w
                  .mul(x as dl.Tensor)
                  .sub(dl.mul(x as dl.Tensor, 3))
                  .square()
                  .mean()
                  .asScalar(),
              ),
              dl.download(),
            )
            .subscribe({ next: (loss) => losses.push(loss), complete, error });
        });
        expect(losses).toHaveSize(20);
        expect(losses.at(-1)).toBeLessThan(1e-3);
        expectClose(await w.data(), [3], 0.01);
        w.dispose();
        optimizer.dispose();
      });
    });

    it('reads what was there when it was asked, and frees what was freed meanwhile', async () => {
      await here(async () => {
        const before = dl.memory().numDataBuffers;
        const x = dl.tensor2d([[1, 2]]);
        const y = x.matMul(x, false, true);
        const values = y.data();
        x.dispose();
        y.dispose();
        expect([...(await values)]).toEqual([5]);
        expect(dl.memory().numDataBuffers).toBe(before);
      });
    });
  });
}

describe('a backend that reads asynchronously only', () => {
  it('says so where an op needs the values at once', async () => {
    await onAsynchronousBackend({}, async () => {
      const x = dl.tensor1d([1, 2]);
      const error = (op: string, cure: string): string =>
        `${op}: the backend 'later' reads asynchronously only; wanted ${cure}`;
      expect(() => x.dataSync()).toThrowError(error('dataSync', 'await data()'));
      expect(() => x.arraySync()).toThrowError(error('arraySync', 'await array()'));
      expect(() => x.bufferSync()).toThrowError(error('bufferSync', 'await buffer()'));
      expect(() => x.toString()).toThrowError(error('toString', 'await data()'));
      expect(() => dl.unique(x)).toThrowError(
        /^unique: the backend 'later' reads asynchronously only; wanted the form that ends in Async/,
      );
      const one = dl.scalar(1, 'int32');
      const square = dl.ones([2, 2]);
      expect(() => dl.linalg.bandPart(square, one, 0)).toThrowError(
        error('bandPart', "'numLower' as a number"),
      );
      const isGreater = x.greater(1);
      const where = await dl.whereAsync(isGreater);
      expect(await where.array()).toEqual([[1]]);
      expect([...(await dl.toPixels([[255]]))]).toEqual([255, 255, 255, 255]);
      expect((await x.buffer()).get(1)).toBe(2);
      dl.dispose([x, one, square, isGreater, where]);
    });
  });

  it('prints when the values have come', async () => {
    const log = spyOn(console, 'log');
    await onAsynchronousBackend({}, async () => {
      const x = dl.tensor1d([1, 2]);
      x.print();
      expect(log).not.toHaveBeenCalled();
      await x.data();
      x.dispose();
    });
    expect(log).toHaveBeenCalledOnceWith('Tensor\n  [1, 2]');
  });

  it('keeps its tensors: to use them on another backend is an error, with the cure', async () => {
    const other = dl.getBackend();
    await onAsynchronousBackend({}, () => {
      const x = dl.tensor1d([1, 2]);
      dl.setBackend(other);
      expect(() => x.add(1)).toThrowError(
        `add: a tensor of 2 elements lies on the backend 'later', which reads asynchronously only; ` +
          `wanted it on '${other}': make it there of its values, tensor(await x.data(), x.shape, x.dtype)`,
      );
      x.dispose();
    });
  });

  it('takes tensors of another backend', async () => {
    const x = dl.tensor1d([1, 2]);
    await onAsynchronousBackend({}, async () => {
      const y = dl.tidy(() => x.add(1));
      expect([...(await y.data())]).toEqual([2, 3]);
      dl.dispose([x, y]);
    });
  });
});

describe('debug mode on such backends', () => {
  it('warns of kernels that run on the CPU, and of NaN when it has been read', async () => {
    const warn = spyOn(console, 'warn');
    await onAsynchronousBackend({ lacks: ['matMul'] }, async () => {
      dl.enableDebugMode({ log: false });
      const y = dl.tidy(() =>
        dl
          .tensor2d([[1]])
          .matMul(dl.tensor2d([[-2]]))
          .log(),
      );
      await y.data();
      await dl.backend().mark();
      y.dispose();
    });
    dl.disableDebugMode();
    expect(warn.calls.allArgs().map(([line]) => String(line))).toEqual([
      "rxtensor: matMul: the backend 'later' lacks the kernel 'matMul', which runs on the CPU: its inputs are read, its results written",
      'rxtensor: log: the result of shape [1,1] contains NaN. input 0: float32 of shape [1,1]',
    ]);
  });
});

describe('a kernel that fails after its op has returned', () => {
  it('fails the next read', async () => {
    await onAsynchronousBackend({ lacks: ['matMul'] }, async () => {
      const x = dl.tensor2d([[2]]);
      const allocate = spyOn(findBackend('cpu')!, 'allocate').and.throwError('out of memory');
      const y = x.matMul(x);
      await expectAsync(y.data()).toBeRejectedWithError('out of memory');
      allocate.and.callThrough();
      const z = x.matMul(x);
      expect([...(await z.data())]).toEqual([4]);
      dl.dispose([x, y, z]);
    });
  });
});

describe('a backend that is opened asynchronously', () => {
  let before: string;
  let opened: (backend: dl.Backend | null) => void;
  let failed: (error: Error) => void;

  beforeEach(() => {
    before = dl.getBackend();
    const opening = new Promise<dl.Backend | null>((resolve, reject) => {
      opened = resolve;
      failed = reject;
    });
    dl.registerBackend('slow', () => opening, 0);
  });

  afterEach(() => {
    dl.setBackend(before);
    dl.removeBackend('slow');
  });

  it('is in use when setBackend has resolved; a tensor before that is an error', async () => {
    const chosen = dl.setBackend('slow');
    const message =
      "the backend 'slow' is still being opened; wanted 'await ready()' before the first tensor, or 'await setBackend('slow')'";
    expect(() => dl.scalar(1)).toThrowError(message);
    expect(() => dl.getBackend()).toThrowError(message);
    opened(asynchronousBackend('slow'));
    expect(await chosen).toBeTrue();
    expect(dl.getBackend()).toBe('slow');
    expect(dl.setBackend('slow')).toBeInstanceOf(Promise);
    expect(dl.getBackend()).toBe('slow');
  });

  it('is what ready waits for', async () => {
    void dl.setBackend('slow');
    const ready = dl.ready();
    opened(asynchronousBackend('slow'));
    await ready;
    expect(dl.getBackend()).toBe('slow');
  });

  it('leaves the backend before in use where this machine does not support it, or it fails', async () => {
    const chosen = dl.setBackend('slow');
    opened(null);
    await expectAsync(Promise.resolve(chosen)).toBeRejectedWithError(
      "setBackend: argument 'name' is 'slow'; wanted a registered backend that this machine supports",
    );
    expect(dl.getBackend()).toBe(before);
  });

  it('passes on why it could not be opened', async () => {
    const chosen = dl.setBackend('slow');
    failed(new Error('no adapter'));
    await expectAsync(Promise.resolve(chosen)).toBeRejectedWithError('no adapter');
    expect(dl.getBackend()).toBe(before);
  });

  it('gives way to a backend that was chosen later', async () => {
    const chosen = dl.setBackend('slow');
    dl.setBackend(before);
    expect(dl.getBackend()).toBe(before);
    opened(asynchronousBackend('slow'));
    expect(await chosen).toBeFalse();
    expect(dl.getBackend()).toBe(before);
  });

  it('is disposed when it was removed before it was open', async () => {
    const backend = asynchronousBackend('slow');
    const dispose = spyOn(backend, 'dispose').and.callThrough();
    const chosen = dl.setBackend('slow');
    dl.removeBackend('slow');
    opened(backend);
    await expectAsync(Promise.resolve(chosen)).toBeRejected();
    expect(dispose).toHaveBeenCalledTimes(1);
    expect(dl.getBackend()).toBe(before);
  });

  it('may be the default: the first tensor is an error until ready has resolved', async () => {
    dl.registerBackend('first', () => asynchronousBackend('first'), 0);
    dl.registerBackend('greatest', () => Promise.resolve(asynchronousBackend('greatest')), 100);
    dl.setBackend('first');
    dl.removeBackend('first'); // Its choice is removed, too.
    expect(() => dl.scalar(1)).toThrowError(
      /^the backend 'greatest' is still being opened; wanted 'await ready\(\)'/,
    );
    await dl.ready();
    expect(dl.getBackend()).toBe('greatest');
    dl.setBackend(before);
    dl.removeBackend('greatest');
  });
});
