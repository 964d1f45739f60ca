import { dispose, softmax, tidy, type Tensor, type Tensor2D, type Variable } from 'rxtensor';

/** A classifier of handwritten digits: plain functions over the variables that training changes. */
export interface DigitModel {
  readonly variables: readonly Variable[];
  /** Images [n, 28, 28] of ink from 0 to 255 → ten unnormalised scores for each, [n, 10]. */
  readonly logits: (images: Tensor) => Tensor2D;
}

/** Images [n, 28, 28] → the probability of each digit, [n, 10]. */
export function probabilities(model: DigitModel, images: Tensor): Tensor2D {
  return tidy(() => softmax(model.logits(images)));
}

/** Frees the model's variables. */
export function disposeModel(model: DigitModel): void {
  dispose(model.variables);
}
