// A slot belongs to its variable, whatever the two are called.
import * as dl from 'rxtensor';
import { lastValueFrom } from 'rxjs';
import { everyOptimizer } from '../../../test/support/optimizers';

/** Names that look like slots, their beginnings, or their ends. */
const namesFor = (optimizer: string): string[] => {
  const slots = ['firstMoment', 'momentum', 'meanSquare', 'accumulator', 'velocity'];
  const kin = ['', '/', `/${optimizer}`, `/${optimizer}/x`, ...slots.map((slot) => `/${optimizer}/${slot}`)];
  return [...kin.map((ending) => `w${ending}`), optimizer, `${optimizer}/${slots[0]}`, 'iter'];
};

/** loss = Σ (v_i · (i + 1))² over variables of these names: each has a gradient of its own. */
function problem(names: readonly string[]): { variables: dl.Variable[]; loss: () => dl.Scalar } {
  const variables = names.map((name, i) => dl.tidy(() => dl.variable(dl.fill([2], 1 + i / 8), true, name)));
  const loss = (): dl.Scalar =>
    dl.addN<dl.Scalar>(variables.map((each, i) => dl.sum<dl.Scalar>(dl.square(dl.mul(each, i + 1)))));
  return { variables, loss };
}

const valuesOf = (tensors: readonly dl.Tensor[]): number[][] => tensors.map((each) => [...each.dataSync()]);

for (const [name, make] of Object.entries(everyOptimizer)) {
  describe(`The slots of ${name}`, () => {
    it('are found again by getWeights and setWeights, whatever the variables are called', async () => {
      const optimizer = make();
      const names = namesFor(optimizer.name);
      const { variables, loss } = problem(names);
      optimizer.minimize(loss);
      const weights = await optimizer.getWeights();
      const start = variables.map((each) => each.clone());
      optimizer.minimize(loss);
      const wanted = valuesOf(variables);

      variables.forEach((each, i) => each.assign(start[i]!));
      const second = make();
      await second.setWeights(weights);
      second.minimize(loss);
      expect(valuesOf(variables)).toEqual(wanted);
      dl.dispose([...weights.map(({ tensor }) => tensor), ...start, ...variables]);
      optimizer.dispose();
      second.dispose();
    });

    it('are found again by a checkpoint, whatever the variables are called', async () => {
      const store = dl.memoryStore();
      const names = namesFor(make().name);
      const run = async (epochs: number): Promise<number[][]> => {
        const { variables, loss } = problem(names);
        const optimizer = make();
        await lastValueFrom(
          dl.resume(
            store,
            optimizer,
            ({ position }) =>
              dl
                .examples([1, 2, 3], { epochs, startAt: position })
                .pipe(dl.trainStep(optimizer, loss), dl.checkpoint({ every: 3, store, variables })),
            { variables },
          ),
        );
        const found = valuesOf(variables);
        optimizer.dispose();
        dl.dispose(variables);
        return found;
      };
      await run(1);
      const continued = await run(2);
      const { variables, loss } = problem(names);
      const optimizer = make();
      for (let step = 0; step < 6; step++) optimizer.minimize(loss);
      expect(continued).toEqual(valuesOf(variables));
      optimizer.dispose();
      dl.dispose(variables);
    });
  });
}

describe('Slots', () => {
  it('leave their names to the program, and are not found by them', () => {
    const w = dl.tidy(() => dl.variable(dl.scalar(1), true, 'w'));
    const optimizer = dl.train.adam(0.1);
    optimizer.minimize(() => w.square<dl.Scalar>());
    const own = dl.tidy(() => dl.variable(dl.scalar(5), true, 'w/adam/firstMoment'));
    dl.tidy(() => optimizer.applyGradients({ 'w/adam/firstMoment': dl.scalar(1) }));
    expect(own.dataSync()[0]).toBeLessThan(5);
    expect(() =>
      dl.tidy(() => optimizer.applyGradients({ 'w/adam/secondMoment': dl.scalar(1) })),
    ).toThrowError(
      /applyGradients: argument 'gradients' names 'w\/adam\/secondMoment'; wanted names of living variables/,
    );
    dl.dispose([w, own]);
    optimizer.dispose();
  });

  it('of several optimizers on one variable are apart', async () => {
    const w = dl.tidy(() => dl.variable(dl.scalar(1), true, 'w'));
    const optimizers = [0.1, 0.01].map((rate) => dl.train.adam(rate));
    for (const each of optimizers) each.minimize(() => w.square<dl.Scalar>());
    const weights = await Promise.all(optimizers.map((each) => each.getWeights()));
    expect(weights.map((each) => each.map(({ name }) => name))).toEqual(
      optimizers.map(() => ['iter', 'w/adam/firstMoment', 'w/adam/secondMoment']),
    );
    expect(weights[0]![1]!.tensor.dataSync()[0]).not.toBe(weights[1]![1]!.tensor.dataSync()[0]);
    dl.dispose([w, ...weights.flat().map(({ tensor }) => tensor)]);
    for (const each of optimizers) each.dispose();
  });

  it('of a variable that is gone are nobody’s any more, though another has its name', async () => {
    const optimizer = dl.train.momentum(0.1, 0.9);
    const make = (): dl.Variable => dl.tidy(() => dl.variable(dl.scalar(1), true, 'w'));
    const first = make();
    optimizer.minimize(() => first.square<dl.Scalar>());
    first.dispose();
    const second = make();
    optimizer.minimize(() => second.mul(3).square<dl.Scalar>());
    const weights = await optimizer.getWeights();
    expect(weights.map(({ name }) => name)).toEqual(['iter', 'w/momentum/velocity']);
    expect(weights[1]!.tensor.dataSync()[0]).toBe(18);
    await optimizer.setWeights(weights);
    dl.dispose([second, ...weights.map(({ tensor }) => tensor)]);
    optimizer.dispose();
  });

  it('are set all, or none', async () => {
    const w = dl.tidy(() => dl.variable(dl.tensor1d([1, 2]), true, 'w'));
    const optimizer = dl.train.adam(0.1);
    optimizer.minimize(() => w.square().sum<dl.Scalar>());
    const state = async (): Promise<number[][]> => {
      const weights = await optimizer.getWeights();
      const values = valuesOf(weights.map(({ tensor }) => tensor));
      dl.dispose(weights.map(({ tensor }) => tensor));
      return values;
    };
    const before = await state();
    const [iter, nine, ofScalar, negative] = [
      dl.scalar(7, 'int32'),
      dl.tensor1d([9, 9]),
      dl.scalar(9),
      dl.scalar(-5),
    ];
    const first = { name: 'w/adam/firstMoment', tensor: nine };
    const faults: [{ name: string; tensor: dl.Tensor }[], RegExp][] = [
      [
        [{ name: 'iter', tensor: iter }, first, { name: 'w/adam/secondMoment', tensor: ofScalar }],
        /^setWeights: argument 'weights' holds float32 of shape \[\] for 'w\/adam\/secondMoment'; wanted float32 of shape \[2\]/,
      ],
      [
        [{ name: 'iter', tensor: iter }, first, { name: 'w/adam/thirdMoment', tensor: nine }],
        /^setWeights: argument 'weights' names 'w\/adam\/thirdMoment'; wanted the slot of a living variable/,
      ],
      [
        [{ name: 'iter', tensor: negative }, first],
        /^setWeights: argument 'weights' has 'iter' as -5; wanted a non-negative integer/,
      ],
    ];
    for (const [weights, message] of faults) {
      await expectAsync(optimizer.setWeights(weights)).toBeRejectedWithError(message);
      expect(await state()).toEqual(before);
    }
    dl.dispose([w, iter, nine, ofScalar, negative]);
    optimizer.dispose();
  });

  it('keep the number of steps beyond 2²⁴', async () => {
    const optimizer = dl.train.adam(0.1);
    const iter = dl.scalar(16777217, 'int32');
    await optimizer.setWeights([{ name: 'iter', tensor: iter }]);
    expect(optimizer.iterations).toBe(16777217);
    const [again] = await optimizer.getWeights();
    expect(again!.tensor.dataSync()[0]).toBe(16777217);
    dl.dispose([iter, again!.tensor]);
    optimizer.dispose();
  });
});

describe('A step', () => {
  it('wants each variable once', () => {
    const w = dl.tidy(() => dl.variable(dl.scalar(1), true, 'w'));
    const sgd = dl.train.sgd(0.1);
    const one = dl.scalar(1);
    const twice = [
      { name: 'w', tensor: one },
      { name: 'w', tensor: one },
    ];
    expect(() => sgd.applyGradients(twice)).toThrowError(
      /^applyGradients: argument 'gradients' names 'w'; wanted each variable once/,
    );
    expect(w.dataSync()[0]).toBe(1);
    dl.dispose([w, one]);
  });
});
