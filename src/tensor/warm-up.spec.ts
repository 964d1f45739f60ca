import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../test/support/close';

const here = (): boolean => dl.backend().prepare !== undefined;

describe('warmUp', () => {
  let tensors: number;
  let buffers: number;

  beforeEach(() => {
    tensors = dl.memory().numTensors;
    buffers = dl.memory().numDataBuffers;
  });

  afterEach(() => {
    expect(dl.memory().numTensors).toBe(tensors);
    expect(dl.memory().numDataBuffers).toBe(buffers);
  });

  it('frees what the function makes, returns and keeps, and leaves examples as they are', async () => {
    const x = dl.tidy(() => dl.tensor1d([1, 2]).square());
    const f = (a: dl.Tensor): object => ({
      y: a.add(1),
      kept: dl.tidy(() => dl.keep(a.mul(3))),
      variable: dl.variable(a.sub(1)),
      other: [dl.tensor1d([1]), dl.zeros([4]), dl.range(0, 4), dl.randomNormal([3])],
    });
    const { programs, milliseconds } = await dl.warmUp(f, x);
    expect(programs >= 0 && milliseconds >= 0).toBeTrue();
    expectExact(x, [1, 4]);
    x.dispose();
  });

  it('moves no variable, no optimizer and no random number', async () => {
    const w = dl.tidy(() => dl.variable(dl.tensor1d([1, 2])));
    const adam = dl.train.adam(0.1);
    const x = dl.tensor1d([3, 4]);
    dl.setSeed(3);
    const state = dl.getRandomState();
    const step = (a: dl.Tensor): void => {
      adam.minimize(() => dl.dropout(w.mul(a), 0.5).square().sum().asScalar());
      dl.tidy(() => w.assign(w.add(1)));
    };
    await dl.warmUp(step, x);
    expect(dl.getRandomState()).toEqual(state);
    expect(adam.iterations).toBe(0);
    expect(adam.slotsOfLiving()).toEqual([]);
    expectExact(w, [1, 2]);
    step(x);
    expect(adam.iterations).toBe(1);
    const after = [...(await w.data())];
    expect(after).not.toEqual([1, 2]);
    await dl.warmUp(step, x);
    expect(adam.iterations).toBe(1);
    expect([...(await w.data())]).toEqual(after);
    dl.dispose([w, x]);
    adam.dispose();
  });

  it('gives the same results afterwards', async () => {
    const f = (x: dl.Tensor): dl.Tensor => dl.softmax(dl.matMul(x, x, false, true).add(x.sum(1)));
    const x = dl.tensor2d([
      [1, 2, 3],
      [0.5, -1, 2],
    ]);
    const warmed = dl.warmUp(f, x);
    const during = dl.tidy(() => f(x));
    await warmed;
    const after = dl.tidy(() => f(x));
    expect([...(await after.data())]).toEqual([...(await during.data())]);
    dl.dispose([x, during, after]);
  });

  it('is seen by no observer', async () => {
    const { kernels } = await dl.profile(() => {
      void dl.warmUp(() => dl.square([1, 2]));
      return null as never;
    });
    expect(kernels).toEqual([]);
    dl.enableDebugMode({ log: false });
    await dl.warmUp(() => dl.sqrt([-1]));
    dl.disableDebugMode();
  });

  it('rejects with the errors of the function, and with those of its own', async () => {
    await expectAsync(dl.warmUp(3 as never)).toBeRejectedWithError(
      "warmUp: argument 'f' is 3; wanted a function",
    );
    if (!here()) return;
    const failing = (): void => {
      dl.keep(dl.square([1, 2]));
      throw new Error('of mine');
    };
    await expectAsync(dl.warmUp(failing)).toBeRejectedWithError('of mine');
    await expectAsync(dl.warmUp(() => dl.square([1, 2]).dataSync())).toBeRejectedWithError(
      /^warmUp: a tensor is read that its function has made; wanted a function that reads and keeps none/,
    );
    await expectAsync(dl.warmUp(() => Promise.reject(new Error('later')))).toBeRejectedWithError(
      /^warmUp: the function 'f' returned a promise; wanted the part before its first await$/,
    );
    // The cures.
    const x = dl.tensor1d([1, 2]);
    await dl.warmUp((a) => a.square(), x);
    await dl.warmUp(() => x.dataSync());
    x.dispose();
  });

  it('takes 0 programs where nothing is compiled, and does not call the function', async () => {
    if (here()) return;
    expect(await dl.warmUp(() => fail('called'))).toEqual({ programs: 0, milliseconds: 0 });
    expect(dl.memory().backend.programs).toBeUndefined();
    const { newPrograms, compileMs } = await dl.profile(() => null as never);
    expect([newPrograms, compileMs]).toEqual([0, 0]);
  });
});
