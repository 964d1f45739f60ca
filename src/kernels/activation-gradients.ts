/**
 * THE table of derivatives of activations, times the gradient that flows back, told from the activation's result y. As in the
 * elementwise table there is a form in TypeScript and one in GLSL. NaN where y is NaN.
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
    glsl: 'y >= 0.0 ? dy : is_nan(y) ? NAN : dy * (y + 1.0)',
  },
  /** alpha: the slope below zero, which is not negative if y is the result; of the argument it may be any. */
  leakyRelu: {
    js: (dy, y, alpha) => (y > 0 ? dy : y <= 0 ? dy * alpha : NaN),
    glsl: 'y > 0.0 ? dy : is_nan(y) ? NAN : dy * alpha',
  },
  sigmoid: { js: (dy, y) => dy * (y * (1 - y)), glsl: 'dy * (y * (1.0 - y))' },
  tanh: { js: (dy, y) => dy * (1 - y * y), glsl: 'dy * (1.0 - y * y)' },
} satisfies Record<string, ActivationGradientRow>;

export type ActivationGradientName = keyof typeof table;
export const activationGradients: Readonly<Record<ActivationGradientName, ActivationGradientRow>> = table;
