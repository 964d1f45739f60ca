type Numbers = readonly number[];

/**
 * The table of optimizer updates. A row computes the new value and slots of a variable's element from the value, its gradient and
 * the slots (the state that the optimizer keeps for it). Every backend derives its kernel from the rows, as in unary-functions.ts.
 *
 * TypeScript: `update(state, g, h)` changes `state = [value, slot 0, slot 1, …]` of one element.
 * GLSL: statements that assign to the floats `value`, `slot0`, `slot1`, …, and read `g` and `h[i]`. They must pass NaN on, which `max` and
 * `sign` may lose.
 */
export interface UpdateRow {
  /** Names of the slots. Each has the variable's shape; it begins at zero unless the optimizer says otherwise. */
  readonly slots: readonly string[];
  /** Names of the numbers in `h`, in order. The optimizer computes them once a step. */
  readonly hyperparameters: readonly string[];
  readonly update: (state: Float64Array, g: number, h: Numbers) => void;
  readonly glsl: string;
}

/** The direction of Adam's step, given h = [learningRate, β₁, β₂, ε, 1 − β₁ᵗ, 1 − β₂ᵗ]. Updates both moments in `state`. */
function adamDirection(state: Float64Array, g: number, h: Numbers): number {
  const first = h[1]! * state[1]! + (1 - h[1]!) * g;
  const second = h[2]! * state[2]! + (1 - h[2]!) * g * g;
  state[1] = first;
  state[2] = second;
  return first / h[4]! / (Math.sqrt(second / h[5]!) + h[3]!);
}

const adamDirectionGlsl = `slot0 = h[1] * slot0 + (1.0 - h[1]) * g;
      slot1 = h[2] * slot1 + (1.0 - h[2]) * g * g;
      float direction = slot0 / h[4] / (sqrt(slot1 / h[5]) + h[3]);`;

const adamHyperparameters = ['learningRate', 'beta1', 'beta2', 'epsilon', 'correction1', 'correction2'];

const updateTable = {
  sgd: {
    slots: [],
    hyperparameters: ['learningRate'],
    update: (state, g, h) => {
      state[0]! -= h[0]! * g;
    },
    glsl: 'value -= h[0] * g;',
  },
  /** Polyak 1964; with `nesterov` = 1 as in Sutskever et al., ICML 2013. */
  momentum: {
    slots: ['velocity'],
    hyperparameters: ['learningRate', 'momentum', 'nesterov'],
    update: (state, g, h) => {
      const velocity = h[1]! * state[1]! + g;
      state[1] = velocity;
      state[0]! -= h[0]! * (h[2] ? g + h[1]! * velocity : velocity);
    },
    glsl: 'slot0 = h[1] * slot0 + g; value -= h[0] * (h[2] != 0.0 ? g + h[1] * slot0 : slot0);',
  },
  /** Kingma & Ba, ICLR 2015, algorithm 1. `correction1` = 1 − β₁ᵗ, `correction2` = 1 − β₂ᵗ. */
  adam: {
    slots: ['firstMoment', 'secondMoment'],
    hyperparameters: adamHyperparameters,
    update: (state, g, h) => {
      state[0]! -= h[0]! * adamDirection(state, g, h);
    },
    glsl: `${adamDirectionGlsl} value -= h[0] * direction;`,
  },
  /** Loshchilov & Hutter, ICLR 2019, algorithm 2, with η = 1: the weight decay is applied apart from the gradient. */
  adamW: {
    slots: ['firstMoment', 'secondMoment'],
    hyperparameters: [...adamHyperparameters, 'weightDecay'],
    update: (state, g, h) => {
      state[0]! -= h[0]! * (adamDirection(state, g, h) + h[6]! * state[0]!);
    },
    glsl: `${adamDirectionGlsl} value -= h[0] * (direction + h[6] * value);`,
  },
  /** Kingma & Ba, ICLR 2015, algorithm 2, with ε added to the divisor. `rate` is the decayed learning rate / (1 − β₁ᵗ). */
  adamax: {
    slots: ['firstMoment', 'weightedInfinityNorm'],
    hyperparameters: ['rate', 'beta1', 'beta2', 'epsilon'],
    update: (state, g, h) => {
      state[1] = h[1]! * state[1]! + (1 - h[1]!) * g;
      state[2] = Math.max(h[2]! * state[2]!, Math.abs(g));
      state[0]! -= (h[0]! * state[1]) / (state[2] + h[3]!);
    },
    glsl: `slot0 = h[1] * slot0 + (1.0 - h[1]) * g;
      float faded = h[2] * slot1, size = abs(g);
      slot1 = is_nan(faded) || faded > size ? faded : size;
      value -= h[0] * slot0 / (slot1 + h[3]);`,
  },
  /** Duchi, Hazan & Singer, JMLR 2011, with a diagonal matrix. */
  adagrad: {
    slots: ['accumulator'],
    hyperparameters: ['learningRate', 'epsilon'],
    update: (state, g, h) => {
      state[1]! += g * g;
      state[0]! -= (h[0]! * g) / Math.sqrt(state[1]! + h[1]!);
    },
    glsl: 'slot0 += g * g; value -= h[0] * g / sqrt(slot0 + h[1]);',
  },
  /** Zeiler, arXiv:1212.5701, algorithm 1. */
  adadelta: {
    slots: ['meanSquareGradient', 'meanSquareStep'],
    hyperparameters: ['learningRate', 'rho', 'epsilon'],
    update: (state, g, h) => {
      const square = h[1]! * state[1]! + (1 - h[1]!) * g * g;
      const step = Math.sqrt((state[2]! + h[2]!) / (square + h[2]!)) * g;
      state[1] = square;
      state[2] = h[1]! * state[2]! + (1 - h[1]!) * step * step;
      state[0]! -= h[0]! * step;
    },
    glsl: `slot0 = h[1] * slot0 + (1.0 - h[1]) * g * g;
      float delta = sqrt((slot1 + h[2]) / (slot0 + h[2])) * g;
      slot1 = h[1] * slot1 + (1.0 - h[1]) * delta * delta;
      value -= h[0] * delta;`,
  },
  /** Tieleman & Hinton 2012, with the momentum of Graves, arXiv:1308.0850. */
  rmsprop: {
    slots: ['meanSquare', 'momentum'],
    hyperparameters: ['learningRate', 'decay', 'momentum', 'epsilon'],
    update: (state, g, h) => {
      state[1] = h[1]! * state[1]! + (1 - h[1]!) * g * g;
      state[2] = h[2]! * state[2]! + (h[0]! * g) / Math.sqrt(state[1] + h[3]!);
      state[0]! -= state[2];
    },
    glsl: `slot0 = h[1] * slot0 + (1.0 - h[1]) * g * g;
      slot1 = h[2] * slot1 + h[0] * g / sqrt(slot0 + h[3]);
      value -= slot1;`,
  },
  /** Graves, arXiv:1308.0850, equations 38 to 45: divides by the variance. Where rounding makes it negative it counts as 0. */
  centeredRmsprop: {
    slots: ['meanSquare', 'meanGradient', 'momentum'],
    hyperparameters: ['learningRate', 'decay', 'momentum', 'epsilon'],
    update: (state, g, h) => {
      state[1] = h[1]! * state[1]! + (1 - h[1]!) * g * g;
      state[2] = h[1]! * state[2]! + (1 - h[1]!) * g;
      const variance = Math.max(state[1] - state[2] * state[2], 0);
      state[3] = h[2]! * state[3]! + (h[0]! * g) / Math.sqrt(variance + h[3]!);
      state[0]! -= state[3];
    },
    glsl: `slot0 = h[1] * slot0 + (1.0 - h[1]) * g * g;
      slot1 = h[1] * slot1 + (1.0 - h[1]) * g;
      float variance = slot0 - slot1 * slot1;
      slot2 = h[2] * slot2 + h[0] * g / sqrt((variance < 0.0 ? 0.0 : variance) + h[3]);
      value -= slot2;`,
  },
  /** Chen et al., NeurIPS 2023, algorithm 2. */
  lion: {
    slots: ['momentum'],
    hyperparameters: ['learningRate', 'beta1', 'beta2', 'weightDecay'],
    update: (state, g, h) => {
      const direction = Math.sign(h[1]! * state[1]! + (1 - h[1]!) * g);
      state[1] = h[2]! * state[1]! + (1 - h[2]!) * g;
      state[0]! -= h[0]! * (direction + h[3]! * state[0]!);
    },
    glsl: `float direction = h[1] * slot0 + (1.0 - h[1]) * g;
      if (!is_nan(direction)) direction = sign(direction);
      slot0 = h[2] * slot0 + (1.0 - h[2]) * g;
      value -= h[0] * (direction + h[3] * value);`,
  },
} satisfies Record<string, UpdateRow>;

export type UpdateName = keyof typeof updateTable;
export const updateRules: Readonly<Record<UpdateName, UpdateRow>> = updateTable;
