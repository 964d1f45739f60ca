import * as dl from 'rxtensor/tensor';
import { cholesky, determinant, eigh, inverse, solve, svd, triangularSolve } from 'rxtensor/ops';
import { createWebGLBackend } from '../../kernels/webgl';
import { expectClose } from '../../../test/support/close';
import { describeOwnWebGL } from '../../../test/support/own-backends';

describeOwnWebGL('warmUp of linear algebra', () => {
  const before = dl.getBackend();

  beforeEach(() => {
    dl.registerBackend('fresh', () => createWebGLBackend(), 0);
    dl.setBackend('fresh');
  });

  afterEach(() => {
    dl.setBackend(before);
    dl.removeBackend('fresh');
  });

  const functions: Record<string, (x: dl.Tensor) => dl.Tensor> = {
    cholesky,
    determinant,
    inverse,
    eigh: (x) => eigh(x).values,
    svd: (x) => svd(x).s,
    solve: (x) => solve(x, x),
    triangularSolve: (x) => triangularSolve(x, x),
  };
  const values = [4, 0.5, 0.5, 2];

  for (const [name, f] of Object.entries(functions)) {
    it(`of ${name} waits for no values, and compiles the programs of its gradient`, async () => {
      const tensors = dl.memory().numTensors;
      const step = (x: dl.Tensor): dl.Tensor => dl.grad((y: dl.Tensor) => f(dl.mul(y, 1)).sum())(x);
      const example = dl.tensor(values, [2, 2]);
      const reads = spyOn(WebGL2RenderingContext.prototype, 'readPixels').and.callThrough();
      const { programs } = await dl.warmUp(step, example);
      expect(programs).toBeGreaterThan(0);
      expect(reads).not.toHaveBeenCalled();
      const gradient = step(example);
      const found = await gradient.data();
      dl.setBackend('cpu');
      dl.tidy(() =>
        expectClose(step(dl.tensor(values, [2, 2])), { shape: [2, 2], values: [...found] }, 1e-5),
      );
      dl.dispose([example, gradient]);
      expect(dl.memory().numTensors).toBe(tensors);
    });
  }
});
