/**
 * The gradient of an activation: dy times its derivative, which each row computes from the activation's result y (not from its
 * argument). A row has a form in TypeScript and one in GLSL, as in unary-functions.ts. Where y is NaN, so is the gradient.
 */
export interface ActivationGradientRow {
  readonly js: (dy: number, y: number, alpha: number) => number;
  readonly glsl: string;
}

const table = {
  relu: { js: (dy, y) => (y > 0 ? dy : y <= 0 ? 0 : NaN), glsl: 'y > 0.0 ? dy : is_nan(y) ? NAN : 0.0' },
  relu6: {
    js: (dy, y) => (y > 0 && y < 6 ? dy : y === y ? 0 : NaN),
    glsl: 'y > 0.0 && y < 6.0 ? dy : is_nan(y) ? NAN : 0.0',
  },
  elu: {
    js: (dy, y) => (y >= 0 ? dy : dy * (y + 1)),
    glsl: 'y >= 0.0 ? dy : dy * (y + 1.0)',
  },
  /** alpha: the slope below zero. If it is negative, y must be the argument instead of the result: the result's sign does not tell. */
  leakyRelu: {
    js: (dy, y, alpha) => (y > 0 ? dy : y <= 0 ? dy * alpha : NaN),
    glsl: 'y > 0.0 ? dy : is_nan(y) ? NAN : dy * alpha',
  },
  sigmoid: { js: (dy, y) => dy * (y * (1 - y)), glsl: 'dy * (y * (1.0 - y))' },
  tanh: { js: (dy, y) => dy * (1 - y * y), glsl: 'dy * (1.0 - y * y)' },
} satisfies Record<string, ActivationGradientRow>;

export type ActivationGradientName = keyof typeof table;
export const activationGradients: Readonly<Record<ActivationGradientName, ActivationGradientRow>> = table;
