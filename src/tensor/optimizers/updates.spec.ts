import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../testing/close';
import { sample, toTensor } from '../../testing/reference';

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
    loss: () => dl.losses.meanSquaredError(y, dl.dot(x, w).add(b)) as dl.Scalar,
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
