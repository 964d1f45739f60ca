// setWeights that fails, at whichever of its allocations, changes nothing: it can be called again.
import * as dl from 'rxtensor/tensor';
import { failingAllocation } from '../../../test/support/failing-allocations';
import { everyOptimizer } from '../../../test/support/optimizers';

type Weights = Awaited<ReturnType<dl.Optimizer['getWeights']>>;

/** What an optimizer has got, with the tensors freed. */
async function stateOf(optimizer: dl.Optimizer): Promise<unknown> {
  const weights = await optimizer.getWeights();
  const state = weights.map(({ name, tensor }) => [name, ...tensor.dataSync()]);
  dl.dispose(weights.map(({ tensor }) => tensor));
  return state;
}

for (const [name, make] of Object.entries(everyOptimizer)) {
  it(`setWeights of ${name} that runs out of memory, wherever, changes nothing`, async () => {
    const variables = dl.tidy(() => [[2], [3, 2], []].map((shape) => dl.variable(dl.fill(shape, 1.5))));
    const loss = (): dl.Scalar =>
      dl.addN<dl.Scalar>(variables.map((each) => dl.sum<dl.Scalar>(dl.square(each))));
    const trained = make();
    for (let i = 0; i < 3; i++) trained.minimize(loss);
    const weights: Weights = await trained.getWeights();
    const wanted = await stateOf(trained);
    for (const steps of [0, 1]) {
      const optimizer = make();
      if (steps > 0) optimizer.minimize(loss);
      const before = await stateOf(optimizer);
      const { numTensors, numDataBuffers } = dl.memory();
      for (let number = 1; ; number++) {
        const failing = failingAllocation(number);
        let error: unknown = null;
        try {
          await optimizer.setWeights(weights);
        } catch (thrown) {
          error = thrown;
        } finally {
          failing.restore();
        }
        if (!failing.isReached()) break;
        expect(String(error)).toMatch(/out of memory \(by the test\)/);
        expect(await stateOf(optimizer))
          .withContext(`allocation ${number}, after ${steps} steps`)
          .toEqual(before);
        expect(dl.memory().numTensors).toBe(numTensors);
        expect(dl.memory().numDataBuffers).toBe(numDataBuffers);
      }
      expect(await stateOf(optimizer)).toEqual(wanted);
      optimizer.dispose();
    }
    dl.dispose(weights.map(({ tensor }) => tensor));
    trained.dispose();
    dl.dispose(variables);
  });
}
