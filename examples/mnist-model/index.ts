import { convolutionalModel } from './convolutional';
import type { DigitModel } from './model';
import { multilayerPerceptron } from './multilayer-perceptron';

export { crossEntropy, type DigitBatch } from './cross-entropy';
export { disposeModel, probabilities, type DigitModel } from './model';

/** The models by the name under which the examples offer them; each starts from the global random sequence. */
export const models = {
  cnn: convolutionalModel,
  mlp: multilayerPerceptron,
} as const satisfies Readonly<Record<string, () => DigitModel>>;

export type ModelName = keyof typeof models;
