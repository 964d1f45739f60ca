import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';
import { sample, toTensor } from '../../../test/support/reference';

const numberOfSteps = 10;

/** loss = mean of (x·w + b − y)² over four examples of three numbers. */
const xs = sample([4, 3], 1);
const ys = sample([4], 2);
const start = { w: [...sample([3], 3).values], b: [0.5] };
type Parameters = typeof start;

/** The gradient of that loss, in float64. */
function gradientOf({ w, b }: Parameters): Parameters {
  const gradient = { w: [0, 0, 0], b: [0] };
  ys.values.forEach((y, row) => {
    const x = xs.values.slice(3 * row, 3 * row + 3);
    const error = x.reduce((sum, value, i) => sum + value * w[i]!, b[0]!) - y;
    x.forEach((value, i) => (gradient.w[i]! += (2 * error * value) / 4));
    gradient.b[0]! += (2 * error) / 4;
  });
  return gradient;
}

/** One step for one number: from its gradient and its own state, in float64. */
type Rule = (value: number, gradient: number, state: Record<string, number>, t: number) => number;

/** Each optimizer, and the formula of its paper. */
const table: Record<string, { make: () => dl.Optimizer; rule: Rule }> = {
  sgd: {
    make: () => dl.train.sgd(0.1),
    rule: (value, g) => value - 0.1 * g,
  },
  'momentum (Polyak 1964)': {
    make: () => dl.train.momentum(0.05, 0.9),
    rule: (value, g, state) => {
      state.a = 0.9 * (state.a ?? 0) + g;
      return value - 0.05 * state.a;
    },
  },
  'momentum with Nesterov’s step (Sutskever et al. 2013)': {
    make: () => dl.train.momentum(0.05, 0.9, true),
    rule: (value, g, state) => {
      // The look-ahead form, in the variables in which it is written today: θ − ε(g + μa′), a′ = μa + g.
      state.a = 0.9 * (state.a ?? 0) + g;
      return value - 0.05 * (g + 0.9 * state.a);
    },
  },
  'adam (Kingma & Ba 2015)': {
    make: () => dl.train.adam(0.05, 0.8, 0.99, 1e-6),
    rule: (value, g, state, t) => {
      state.m = 0.8 * (state.m ?? 0) + 0.2 * g;
      state.v = 0.99 * (state.v ?? 0) + 0.01 * g * g;
      const m = state.m / (1 - 0.8 ** t);
      const v = state.v / (1 - 0.99 ** t);
      return value - (0.05 * m) / (Math.sqrt(v) + 1e-6);
    },
  },
  'adam with its defaults': {
    make: () => dl.train.adam(),
    rule: (value, g, state, t) => {
      state.m = 0.9 * (state.m ?? 0) + 0.1 * g;
      state.v = 0.999 * (state.v ?? 0) + 0.001 * g * g;
      return value - (0.001 * (state.m / (1 - 0.9 ** t))) / (Math.sqrt(state.v / (1 - 0.999 ** t)) + 1e-7);
    },
  },
  'adagrad (Duchi, Hazan & Singer 2011)': {
    make: () => dl.train.adagrad(0.1),
    rule: (value, g, state) => {
      state.sum = (state.sum ?? 0.1) + g * g;
      return value - (0.1 * g) / Math.sqrt(state.sum + 1e-7);
    },
  },
  'adagrad with a sum that begins with 0': {
    make: () => dl.train.adagrad(0.1, 0),
    rule: (value, g, state) => {
      state.sum = (state.sum ?? 0) + g * g;
      return value - (0.1 * g) / Math.sqrt(state.sum + 1e-7);
    },
  },
  'adadelta (Zeiler 2012)': {
    make: () => dl.train.adadelta(1, 0.9, 1e-3),
    rule: (value, g, state) => {
      const rms = (meanSquare: number): number => Math.sqrt(meanSquare + 1e-3);
      state.gradients = 0.9 * (state.gradients ?? 0) + 0.1 * g * g;
      const step = (-rms(state.steps ?? 0) / rms(state.gradients)) * g;
      state.steps = 0.9 * (state.steps ?? 0) + 0.1 * step * step;
      return value + step;
    },
  },
  'adadelta with its defaults': {
    make: () => dl.train.adadelta(),
    rule: (value, g, state) => {
      state.gradients = 0.95 * (state.gradients ?? 0) + 0.05 * g * g;
      const step = (Math.sqrt((state.steps ?? 0) + 1e-7) / Math.sqrt(state.gradients + 1e-7)) * g;
      state.steps = 0.95 * (state.steps ?? 0) + 0.05 * step * step;
      return value - 0.001 * step;
    },
  },
  'adamax (Kingma & Ba 2015)': {
    make: () => dl.train.adamax(0.05, 0.8, 0.9, 1e-6, 0.1),
    rule: (value, g, state, t) => {
      state.m = 0.8 * (state.m ?? 0) + 0.2 * g;
      state.u = Math.max(0.9 * (state.u ?? 0), Math.abs(g));
      const rate = 0.05 / (1 + 0.1 * (t - 1));
      return value - ((rate / (1 - 0.8 ** t)) * state.m) / (state.u + 1e-6);
    },
  },
  'adamax with its defaults': {
    make: () => dl.train.adamax(),
    rule: (value, g, state, t) => {
      state.m = 0.9 * (state.m ?? 0) + 0.1 * g;
      state.u = Math.max(0.999 * (state.u ?? 0), Math.abs(g));
      return value - ((0.002 / (1 - 0.9 ** t)) * state.m) / (state.u + 1e-7);
    },
  },
  'adamW (Loshchilov & Hutter 2019)': {
    make: () => dl.train.adamW(0.05, 0.8, 0.99, 1e-6, 0.2),
    rule: (value, g, state, t) => {
      state.m = 0.8 * (state.m ?? 0) + 0.2 * g;
      state.v = 0.99 * (state.v ?? 0) + 0.01 * g * g;
      const m = state.m / (1 - 0.8 ** t);
      const v = state.v / (1 - 0.99 ** t);
      return value - 0.05 * (m / (Math.sqrt(v) + 1e-6) + 0.2 * value);
    },
  },
  'rmsprop (Tieleman & Hinton 2012)': {
    make: () => dl.train.rmsprop(0.01),
    rule: (value, g, state) => {
      state.square = 0.9 * (state.square ?? 0) + 0.1 * g * g;
      return value - (0.01 * g) / Math.sqrt(state.square + 1e-7);
    },
  },
  'rmsprop with momentum': {
    make: () => dl.train.rmsprop(0.01, 0.8, 0.5, 1e-4),
    rule: (value, g, state) => {
      state.square = 0.8 * (state.square ?? 0) + 0.2 * g * g;
      state.step = 0.5 * (state.step ?? 0) + (0.01 * g) / Math.sqrt(state.square + 1e-4);
      return value - state.step;
    },
  },
  'rmsprop, centered (Graves 2013)': {
    make: () => dl.train.rmsprop(0.01, 0.8, 0.5, 1e-4, true),
    rule: (value, g, state) => {
      state.square = 0.8 * (state.square ?? 0) + 0.2 * g * g;
      state.mean = 0.8 * (state.mean ?? 0) + 0.2 * g;
      const deviation = Math.sqrt(state.square - state.mean ** 2 + 1e-4);
      state.step = 0.5 * (state.step ?? 0) + (0.01 * g) / deviation;
      return value - state.step;
    },
  },
  'lion (Chen et al. 2023)': {
    make: () => dl.train.lion(0.01, 0.8, 0.95, 0.1),
    rule: (value, g, state) => {
      const direction = Math.sign(0.8 * (state.m ?? 0) + 0.2 * g);
      state.m = 0.95 * (state.m ?? 0) + 0.05 * g;
      return value - 0.01 * (direction + 0.1 * value);
    },
  },
};

/** The parameters after each step, in float64. */
function follow(rule: Rule): Parameters[] {
  const states = { w: start.w.map(() => ({})), b: [{}] };
  const path = [start];
  for (let t = 1; t <= numberOfSteps; t++) {
    const last = path.at(-1);
    const gradient = gradientOf(last);
    path.push({
      w: last.w.map((value, i) => rule(value, gradient.w[i]!, states.w[i]!, t)),
      b: last.b.map((value, i) => rule(value, gradient.b[i]!, states.b[i]!, t)),
    });
  }
  return path.slice(1);
}

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

for (const [name, { make, rule }] of Object.entries(table)) {
  describe(name, () => {
    it('takes the steps of its formula', () => {
      const { w, b, loss, dispose } = problem();
      const optimizer = make();
      follow(rule).forEach((wanted, step) => {
        optimizer.minimize(loss);
        expectClose(w, wanted.w, { cpu: 1e-5, webgl: 1e-4 }, `w after step ${step + 1}`);
        expectClose(b, wanted.b, { cpu: 1e-5, webgl: 1e-4 }, `b after step ${step + 1}`);
      });
      expect(optimizer.iterations).toBe(numberOfSteps);
      optimizer.dispose();
      dispose();
    });

    it('continues exactly with the weights of another', async () => {
      const { w, b, loss, dispose } = problem();
      const first = make();
      for (let step = 0; step < 3; step++) first.minimize(loss);
      const weights = await first.getWeights();
      const values = [w.clone(), b.clone()] as const;
      for (let step = 0; step < 3; step++) first.minimize(loss);
      const wanted = [[...w.dataSync()], [...b.dataSync()]] as const;

      w.assign(values[0]);
      b.assign(values[1]);
      const second = make();
      await second.setWeights(weights);
      expect(second.iterations).toBe(3);
      for (let step = 0; step < 3; step++) second.minimize(loss);
      expectExact(w, wanted[0]);
      expectExact(b, wanted[1]);
      expect(
        await second.getWeights().then((state) => (dl.dispose(state), state.map((each) => each.name))),
      ).toEqual(weights.map((each) => each.name));
      dl.dispose([weights, values]);
      first.dispose();
      second.dispose();
      dispose();
    });

    it('keeps nothing beside its slots, and frees those', () => {
      const { loss, dispose } = problem();
      const optimizer = make();
      optimizer.minimize(loss);
      const before = dl.memory();
      for (let step = 0; step < 5; step++) optimizer.minimize(loss);
      expect(dl.memory().numTensors).toBe(before.numTensors);
      expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers);
      optimizer.dispose();
      // May be used again: it begins anew.
      optimizer.minimize(loss);
      optimizer.dispose();
      dispose();
    });

    it('changes no clone, view or pending read taken before', async () => {
      const { w, loss, dispose } = problem();
      const optimizer = make();
      optimizer.minimize(loss);
      const before = [...w.dataSync()];
      const clone = w.clone();
      const view = w.reshape([3, 1]);
      const pending = w.data();
      optimizer.minimize(loss);
      const pendingAgain = w.data();
      const after = [...w.dataSync()];
      optimizer.minimize(loss);
      expect(after).not.toEqual(before);
      expectExact(clone, before);
      expectExact(view, { shape: [3, 1], values: before });
      expect([...(await pending)]).toEqual(before);
      expect([...(await pendingAgain)]).toEqual(after);
      dl.dispose([clone, view]);
      optimizer.dispose();
      dispose();
    });
  });
}

describe('centered rmsprop', () => {
  it('does not take the root of a variance that rounding made negative', () => {
    dl.tidy(() => {
      const x = dl.variable(dl.tensor1d([0, 0, 0]));
      const optimizer = dl.train.rmsprop(1e-4, 0.5, 0, 1e-12, true);
      for (let step = 0; step < 60; step++) {
        optimizer.applyGradients({ [x.name]: dl.tensor1d([3.3, 1234.567, -0.1]) });
      }
      expect([...x.dataSync()].every(Number.isFinite)).toBeTrue();
      optimizer.dispose();
      x.dispose();
    });
  });
});

describe('adagrad', () => {
  it('refuses a sum of squares that is negative', () => {
    expect(() => dl.train.adagrad(0.1, -1)).toThrowError(
      /adagrad: argument 'initialAccumulatorValue' is -1; wanted a finite, non-negative number/,
    );
  });
});

describe('an epsilon of null', () => {
  it('is the default one', () => {
    for (const optimizer of [
      new dl.AdadeltaOptimizer(0.1, 0.9, null),
      new dl.AdamaxOptimizer(0.1, 0.9, 0.9, null),
      new dl.AdamWOptimizer(0.1, 0.9, 0.9, null),
      new dl.RMSPropOptimizer(0.1, 0.9, 0, null, true),
    ]) {
      expect(optimizer.settings).toContain('epsilon');
      expect(() => optimizer.set('epsilon', NaN)).toThrowError(/argument 'epsilon' is NaN/);
      optimizer.dispose();
    }
  });
});
