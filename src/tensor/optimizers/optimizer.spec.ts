import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { everyOptimizer } from '../../../test/support/optimizers';
import { sample, toTensor } from '../../../test/support/reference';

/** loss = mean of (x·w + b − y)² over four examples of three numbers. */
const xs = sample([4, 3], 1);
const ys = sample([4], 2);
const start = { w: [...sample([3], 3).values], b: [0.5] };

interface Problem {
  readonly w: dl.Variable;
  readonly b: dl.Variable;
  readonly loss: () => dl.Scalar;
  readonly dispose: () => void;
}

function problem(prefix = ''): Problem {
  const [w, b, x, y] = dl.tidy(() => [
    dl.variable(dl.tensor1d(start.w), true, `${prefix}w`),
    dl.variable(dl.tensor1d(start.b), true, `${prefix}b`),
    toTensor(xs),
    toTensor(ys),
  ]) as [dl.Variable, dl.Variable, dl.Tensor, dl.Tensor];
  return {
    w,
    b,
    loss: () => dl.losses.meanSquaredError(y, dl.dot(x, w).add(b)),
    dispose: () => dl.dispose([w, b, x, y]),
  };
}

describe('minimize', () => {
  it('returns the loss before the step, when asked', () => {
    const { loss, dispose } = problem();
    const optimizer = dl.train.sgd(0.1);
    const before = dl.tidy(() => loss().dataSync()[0]!);
    const cost = optimizer.minimize(loss, true)!;
    expect(cost.dataSync()[0]).toBe(before);
    expect(cost.shape).toEqual([]);
    cost.dispose();
    expect(optimizer.minimize(loss)).toBeNull();
    optimizer.dispose();
    dispose();
  });

  it('changes the variables of varList alone', () => {
    const { w, b, loss, dispose } = problem();
    const optimizer = dl.train.adam(0.1);
    optimizer.minimize(loss, false, [b]);
    expectExact(w, start.w);
    expect(b.dataSync()[0]).not.toBe(start.b[0]);
    w.trainable = false;
    optimizer.minimize(loss);
    expectExact(w, start.w);
    optimizer.dispose();
    dispose();
  });

  it('leaves variables alone that the loss does not depend on', () => {
    const { loss, dispose } = problem();
    const other = dl.tidy(() => dl.variable(dl.scalar(7)));
    const optimizer = dl.train.momentum(0.1, 0.9);
    optimizer.minimize(loss);
    expectExact(other, 7);
    optimizer.dispose();
    other.dispose();
    dispose();
  });

  it('stays balanced after every error, and takes no step', () => {
    const { w, loss, dispose } = problem();
    const optimizer = dl.train.adam(0.1);
    optimizer.minimize(loss);
    const before = { values: [...w.dataSync()], memory: dl.memory() };
    const faults: [() => unknown, RegExp][] = [
      [() => optimizer.minimize(3 as never), /minimize: argument 'f' is 3; wanted a function/],
      [
        () => optimizer.minimize((() => 3) as never),
        /minimize: the function 'f' returned number; wanted a tensor/,
      ],
      [
        () => optimizer.minimize((() => Promise.resolve()) as never),
        /minimize: the function 'f' returned a promise/,
      ],
      [
        () => optimizer.minimize(() => w.square<dl.Scalar>()),
        /minimize: the loss has shape \[3\]; wanted a scalar/,
      ],
      [
        () => optimizer.minimize(() => dl.scalar(1)),
        /minimize: the loss depends on none of the \d+ trainable variables/,
      ],
      [
        () =>
          optimizer.minimize(
            () => (
              loss(),
              dl.matMul(
                [[1]],
                [
                  [1, 2],
                  [3, 4],
                ],
              ) as never
            ),
          ),
        /matMul/,
      ],
      [
        () =>
          optimizer.minimize(() => {
            loss().square();
            throw new Error('mine');
          }),
        /mine/,
      ],
      [
        () =>
          optimizer.minimize(() => {
            const gone = loss();
            gone.dispose();
            return gone;
          }),
        /minimize: argument 'loss' .*disposed/,
      ],
      [
        () => optimizer.minimize(loss, false, ['w' as never]),
        /minimize: argument 'varList' holds 'w'; wanted variables/,
      ],
      [
        () => optimizer.applyGradients({ nobody: w }),
        /applyGradients: argument 'gradients' names 'nobody'; wanted names of living variables/,
      ],
      [
        () => dl.tidy(() => optimizer.applyGradients({ w: dl.scalar(1) })),
        /applyGradients: argument 'gradients' holds float32 of shape \[\] for 'w'; wanted float32 of shape \[3\]/,
      ],
      [
        () => optimizer.applyGradients({ w: 3 as never }),
        /applyGradients: argument 'gradients' holds 3 for 'w'; wanted a tensor/,
      ],
    ];
    for (const [fault, message] of faults) expect(fault).toThrowError(message);
    expect([...w.dataSync()]).toEqual(before.values);
    expect(dl.memory()).toEqual({ ...before.memory, backend: dl.memory().backend });
    expect(optimizer.iterations).toBe(1);
    optimizer.dispose();
    dispose();
  });

  it('trains variables that were never used before, and ones made later', () => {
    const optimizer = dl.train.adam(0.1);
    const [a, b] = dl.tidy(() => [dl.variable(dl.scalar(1)), dl.variable(dl.scalar(1))] as const);
    optimizer.minimize(() => a.square().asScalar());
    optimizer.minimize(() => a.mul(b).asScalar());
    expect(b.dataSync()[0]).toBeLessThan(1);
    dl.dispose([a, b]);
    optimizer.dispose();
  });
});

describe('computeGradients and applyGradients', () => {
  it('leave everything as it is where the condition does not hold', async () => {
    const { w, loss, dispose } = problem();
    const optimizer = dl.train.adam(0.1);
    const stepIf = (condition: boolean): void =>
      dl.tidy(() =>
        optimizer.applyGradients(optimizer.computeGradients(loss, [w]).grads, dl.scalar(condition)),
      );
    const moments = async (): Promise<number[][]> => {
      const [iterations, ...slots] = await optimizer.getWeights();
      iterations!.tensor.dispose();
      const values = slots.map(({ tensor }) => [...tensor.dataSync()]);
      dl.dispose(slots.map(({ tensor }) => tensor));
      return values;
    };
    stepIf(false);
    expectExact(w, start.w);
    stepIf(true);
    const [values, state] = [[...w.dataSync()], await moments()];
    expect(values).not.toEqual([...start.w]);
    stepIf(false);
    expect([[...w.dataSync()], await moments()]).toEqual([values, state]);
    optimizer.dispose();
    dispose();
  });

  it('are minimize in two halves', () => {
    const one = problem('one/');
    const two = problem('two/');
    const optimizer = dl.train.momentum(0.1, 0.9);
    const other = dl.train.momentum(0.1, 0.9);
    for (let step = 0; step < 3; step++) {
      optimizer.minimize(one.loss);
      dl.tidy(() => {
        const { value, grads } = other.computeGradients(two.loss, [two.w, two.b]);
        expect(value.shape).toEqual([]);
        if (step === 0) other.applyGradients(grads);
        else other.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      });
    }
    expectExact(two.w, [...one.w.dataSync()]);
    expectExact(two.b, [...one.b.dataSync()]);
    optimizer.dispose();
    other.dispose();
    one.dispose();
    two.dispose();
  });
});

describe('a step', () => {
  for (const [name, make] of Object.entries(everyOptimizer)) {
    it(`of ${name} is one kernel call a variable`, async () => {
      const { w, b, loss, dispose } = problem();
      const optimizer = make();
      optimizer.minimize(loss);
      const { grads, value } = optimizer.computeGradients(loss, [w, b]);
      const { kernels, newTensors, newBytes } = await dl.profile(() => optimizer.applyGradients(grads));
      expect(kernels.map((each) => [each.name, each.kernel])).toEqual([
        [optimizer.name, 'update'],
        [optimizer.name, 'update'],
      ]);
      expect([newTensors, newBytes]).toEqual([0, 0]);
      dl.dispose([grads, value]);
      optimizer.dispose();
      dispose();
    });
  }

  it('is told of by debug mode where it makes NaN, and not taken', () => {
    const { w, b, dispose } = problem();
    const optimizer = dl.train.momentum(0.1, 0.9);
    dl.enableDebugMode({ log: false });
    try {
      dl.tidy(() => {
        const step = (value: number): void => optimizer.applyGradients({ w: dl.fill([3], value) });
        step(Infinity);
        expect(() => step(-Infinity)).toThrowError(
          /^momentum: the result of shape \[3\] contains NaN\. input 0: float32 of shape \[3\]; input 1: float32 of shape \[3\]; /,
        );
        expectExact(w, [-Infinity, -Infinity, -Infinity]);
        expectExact(b, start.b);
      });
    } finally {
      dl.disableDebugMode();
    }
    optimizer.dispose();
    dispose();
  });
});

describe('hyper-parameters', () => {
  it('may change between steps', () => {
    const v = dl.tidy(() => dl.variable(dl.scalar(0)));
    const optimizer = dl.train.sgd(0.5);
    const loss = (): dl.Scalar => v.mul(1).asScalar();
    optimizer.minimize(loss);
    optimizer.setLearningRate(2);
    expect(optimizer.learningRate).toBe(2);
    optimizer.minimize(loss);
    optimizer.set('learningRate', 0);
    optimizer.minimize(loss);
    expectExact(v, -2.5);
    v.dispose();
    optimizer.dispose();
  });

  it('are those of one optimizer alone', () => {
    const [a, b] = [dl.train.adam(0.1), dl.train.adam(0.1)];
    a.setLearningRate(0.5);
    expect(b.learningRate).toBe(0.1);
    expect(a.settings).toEqual(['learningRate', 'beta1', 'beta2', 'epsilon']);
  });

  it('are finite numbers', () => {
    const optimizer = dl.train.momentum(0.1, 0.9);
    expect(() => optimizer.set('momentums', 1)).toThrowError(
      /momentum: argument 'name' is 'momentums'; wanted a hyper-parameter: the nearest is 'momentum' \(others: learningRate\)/,
    );
    expect(() => optimizer.setLearningRate(NaN)).toThrowError(
      /momentum: argument 'learningRate' is NaN; wanted a finite, non-negative number/,
    );
    expect(() => optimizer.setLearningRate(-1)).toThrowError(/is -1; wanted a finite, non-negative number/);
    expect(() => optimizer.set('momentum', 'a' as never)).toThrowError(
      /argument 'momentum' is 'a'; wanted a finite number/,
    );
    expect(() => dl.train.sgd(undefined as never)).toThrowError(/sgd: argument 'learningRate' is undefined/);
  });
});

describe('setWeights', () => {
  it('refuses what is not its own', async () => {
    const { loss, dispose } = problem();
    const adam = dl.train.adam();
    const momentum = dl.train.momentum(0.1, 0.9);
    adam.minimize(loss);
    const weights = await adam.getWeights();
    await expectAsync(momentum.setWeights(weights)).toBeRejectedWithError(
      /setWeights: argument 'weights' names 'w\/adam\/firstMoment'; wanted the slot of a living variable/,
    );
    await expectAsync(adam.setWeights(weights.slice(1))).toBeRejectedWithError(
      /setWeights: argument 'weights' begins with 'w\/adam\/firstMoment'; wanted 'iter'/,
    );
    await expectAsync(adam.setWeights([])).toBeRejectedWithError(
      /argument 'weights' is \[\]; wanted what getWeights gives/,
    );
    dl.dispose(weights);
    adam.dispose();
    momentum.dispose();
    dispose();
  });
});
