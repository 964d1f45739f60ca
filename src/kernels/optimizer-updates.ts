/**
 * THE table of optimizer updates. Each is one pass over a variable: from the value, its gradient and the slots that
 * the optimizer keeps for it, to the new value and slots. As with the elementwise table, backends derive their kernels from the
 * rows, so that the formula of a paper exists once for each language.
 *
 * TypeScript: `update(state, g, h)` changes `state = [value, slot 0, slot 1, …]` for one element.
 * GLSL: statements over `value`, `slot0`, `slot1`, … , `g` (floats) and `h[i]`.
 */
export interface UpdateRow {
  /** Names of the state kept for each variable, all of its shape, zero at first. */
  readonly slots: readonly string[];
  /** Names of the numbers in `h`, in order. The optimizer computes them on the host, once a step. */
  readonly hyperparameters: readonly string[];
  readonly update: (state: Float64Array, g: number, h: readonly number[]) => void;
  readonly glsl: string;
}

const updateTable = {
  sgd: {
    slots: [],
    hyperparameters: ['learningRate'],
    update: (state, g, h) => {
      state[0]! -= h[0]! * g;
    },
    glsl: 'value -= h[0] * g;',
  },
  /** Polyak 1964; with `nesterov` = 1 the form of Sutskever et al., ICML 2013. */
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
    hyperparameters: ['learningRate', 'beta1', 'beta2', 'epsilon', 'correction1', 'correction2'],
    update: (state, g, h) => {
      const first = h[1]! * state[1]! + (1 - h[1]!) * g;
      const second = h[2]! * state[2]! + (1 - h[2]!) * g * g;
      state[1] = first;
      state[2] = second;
      state[0]! -= (h[0]! * (first / h[4]!)) / (Math.sqrt(second / h[5]!) + h[3]!);
    },
    glsl: `slot0 = h[1] * slot0 + (1.0 - h[1]) * g;
      slot1 = h[2] * slot1 + (1.0 - h[2]) * g * g;
      value -= h[0] * (slot0 / h[4]) / (sqrt(slot1 / h[5]) + h[3]);`,
  },
} satisfies Record<string, UpdateRow>;

export type UpdateName = keyof typeof updateTable;
export const updateRules: Readonly<Record<UpdateName, UpdateRow>> = updateTable;
