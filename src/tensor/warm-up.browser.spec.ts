import * as dl from 'rxtensor/tensor';
import { customKernel } from 'rxtensor/custom-kernels';
import { createWebGLBackend } from '../kernels/webgl';
import { describeOwnWebGL } from '../../test/support/own-backends';
import { expectClose, expectExact } from '../../test/support/close';

describeOwnWebGL('warmUp on WebGL', () => {
  const before = dl.getBackend();

  /** A backend that has compiled nothing yet. */
  beforeEach(() => {
    dl.registerBackend('fresh', () => createWebGLBackend(), 0);
    dl.setBackend('fresh');
  });

  afterEach(() => {
    dl.setBackend(before);
    dl.removeBackend('fresh');
  });

  const programs = (): number => dl.memory().backend.programs!;

  /** A network with convolutions, products, normalization and pooling, and a training step for it. */
  function network(): {
    step: (x: dl.Tensor) => void;
    predict: (x: dl.Tensor) => dl.Tensor;
    end: () => void;
  } {
    const w = dl.tidy(() => [
      dl.variable(dl.randomNormal([3, 3, 3, 8], 0, 0.2, 'float32', 1)),
      dl.variable(dl.randomNormal([8 * 8 * 8, 10], 0, 0.2, 'float32', 2)),
    ]);
    const adam = dl.train.adam(0.01);
    const logits = (x: dl.Tensor): dl.Tensor => {
      const y = dl.relu(dl.conv2d(x as dl.Tensor4D, w[0] as unknown as dl.Tensor4D, 1, 'same'));
      const pooled = dl.maxPool(y, 2, 2, 'valid');
      return dl.matMul(pooled.reshape([-1, 8 * 8 * 8]), w[1]!);
    };
    return {
      predict: (x) => dl.softmax(logits(x)),
      step: (x) => {
        const labels = dl.oneHot(dl.range(0, x.shape[0]!, 1, 'int32'), 10);
        adam.minimize(() => dl.losses.softmaxCrossEntropy(labels, logits(x)).asScalar());
      },
      end: () => {
        dl.dispose(w);
        adam.dispose();
      },
    };
  }

  it('compiles all programs, so that the first call compiles none', async () => {
    const { step, predict, end } = network();
    const example = dl.zeros([4, 16, 16, 3]);
    const reserved = dl.memory().backend.reservedBytes;
    const compiled = programs();
    const first = await dl.warmUp(predict, example);
    expect(first.programs).toBeGreaterThan(3);
    expect(programs()).toBe(compiled + first.programs);
    const again = await dl.warmUp(predict, example);
    expect(again.programs).toBe(0);
    const training = await dl.warmUp(step, example);
    expect(training.programs).toBeGreaterThan(5);
    expect(dl.memory().backend.reservedBytes).withContext('memory for what was not computed').toBe(reserved);
    const x = dl.randomNormal([4, 16, 16, 3], 0, 1, 'float32', 5);
    const filled = programs();
    const { newPrograms, result } = await dl.profile(() =>
      dl.tidy(() => {
        step(x);
        return predict(x);
      }),
    );
    expect(newPrograms).toBe(0);
    expect(programs()).toBe(filled);
    dl.tidy(() => expectClose(result.sum(1), [1, 1, 1, 1]));
    dl.dispose([example, x, result]);
    end();
  });

  it('counts and times what is compiled without it', async () => {
    const { newPrograms, compileMs, result } = await dl.profile(() => dl.square([1, 2]));
    expect(newPrograms).toBe(1);
    expect(compileMs).toBeGreaterThan(0);
    expect(dl.memory().backend.compileMs).toBe(compileMs);
    result.dispose();
  });

  it('shares programs with draws and other calls meanwhile', async () => {
    const x = dl.tensor1d([1, 2]);
    const both = [dl.warmUp(() => x.square().exp()), dl.warmUp(() => x.square().neg())];
    expect(programs()).toBe(0);
    dl.tidy(() => expectExact(x.square(), [1, 4]));
    expect(programs()).toBe(1);
    const took = await Promise.all(both);
    expect(took.map((each) => each.programs)).toEqual([2, 2]);
    expect(programs()).toBe(3);
    x.dispose();
  });

  it('rejects if a program does not compile, and reports it again when it is used', async () => {
    const wrong = customKernel({
      name: 'wrong',
      inputs: ['x'],
      shape: ({ x }) => x,
      glsl: 'float result(int i) { return nothing; }',
      cpu: () => undefined,
    });
    const message = /kernel wrong .*ERROR: 0:1: 'nothing'/;
    for (let i = 0; i < 2; i++) await expectAsync(dl.warmUp(wrong, [1])).toBeRejectedWithError(message);
    expect(() => wrong([1])).toThrowError(message);
    expect(programs()).toBe(0);
  });

  it('compiles one program a turn where the driver does not compile in parallel', async () => {
    const getExtension = WebGL2RenderingContext.prototype.getExtension as (name: string) => object | null;
    spyOn(WebGL2RenderingContext.prototype, 'getExtension').and.callFake(function (
      this: WebGL2RenderingContext,
      name: string,
    ) {
      return name.startsWith('KHR_parallel') ? null : (getExtension.call(this, name) as never);
    } as never);
    dl.registerBackend('alone', () => createWebGLBackend(), 0);
    dl.setBackend('alone');
    let counts: number[] = [];
    const x = dl.tensor1d([1, 2]);
    const warmed = dl.warmUp(() => x.square().exp().neg());
    let isOver = false;
    void warmed.then(() => (isOver = true));
    while (!isOver) {
      counts.push(programs());
      await new Promise((resolve) => setTimeout(resolve));
    }
    counts = [...new Set(counts)];
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect((await warmed).programs).toBe(3);
    expect(programs()).toBe(3);
    x.dispose();
    dl.setBackend('fresh');
    dl.removeBackend('alone');
  });

  it('rejects when the context is lost', async () => {
    const warmed = dl.warmUp(() => dl.square([1, 2]));
    const { gl } = dl.backend() as unknown as { gl: WebGL2RenderingContext };
    gl.getExtension('WEBGL_lose_context')!.loseContext();
    await expectAsync(warmed).toBeRejectedWithError(/lost/);
  });
});
