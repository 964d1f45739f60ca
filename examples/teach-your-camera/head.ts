import {
  dispose,
  losses,
  oneHot,
  softmax,
  variable,
  zeros,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from 'rxtensor';
import { fromSafetensors, safetensorsMetadata, toSafetensors } from 'rxtensor/models';
import { FEATURES, LAYER } from './features';

/** Nothing, and two gestures. */
export const CLASSES = 3;

/** One dense layer from features to classes: all that is trained here. */
export interface Head {
  readonly weights: ReturnType<typeof newWeights>;
  readonly bias: ReturnType<typeof newBias>;
}

const newWeights = () => variable(() => zeros([FEATURES, CLASSES]), true, 'weights');
const newBias = () => variable(() => zeros([CLASSES]), true, 'bias');

export function newHead(): Head {
  return { weights: newWeights(), bias: newBias() };
}

export function disposeHead({ weights, bias }: Head): void {
  dispose([weights, bias]);
}

const logits = ({ weights, bias }: Head, features: Tensor): Tensor =>
  features.reshape([-1, FEATURES]).matMul(weights).add(bias);

/** The probability of each class, [CLASSES], for the features of one picture. */
export function probabilities(head: Head, features: Tensor1D): Tensor1D {
  return softmax(logits(head, features)).reshape<Tensor1D>([CLASSES]);
}

/** What one training step sees: features [n, FEATURES], and their classes [n]. */
export interface Lesson {
  readonly xs: Tensor;
  readonly ys: Tensor;
}

/** The mean of −log(the probability of the class that was shown). */
export function headLoss(head: Head, { xs, ys }: Lesson): Scalar {
  return losses.softmaxCrossEntropy(oneHot(ys.toInt(), CLASSES), logits(head, xs)).asScalar();
}

/** The head as a file in the format safetensors, with the names of the classes. It may be read while it is trained. */
export function savedHead({ weights, bias }: Head, names: readonly string[]): Promise<Uint8Array> {
  return toSafetensors({ weights, bias }, { layer: LAYER, names: JSON.stringify(names) });
}

/**
 * Sets a head to what a file holds.
 *
 * @throws when the file is none, or of another model
 */
export function restoreHead({ weights, bias }: Head, file: Uint8Array): void {
  const values = fromSafetensors(file);
  try {
    const { weights: newWeight, bias: newOffset } = values;
    if (newWeight?.shape.join() !== weights.shape.join() || newOffset?.shape.join() !== bias.shape.join())
      throw new Error('the file holds no head of this page: export one here, and import that');
    weights.assign(newWeight as Tensor2D);
    bias.assign(newOffset as Tensor1D);
  } finally {
    dispose(Object.values(values));
  }
}

/** The names of the classes in a file; null where it has none. */
export function namesIn(file: Uint8Array): readonly string[] | null {
  const names: unknown = JSON.parse(safetensorsMetadata(file).names ?? 'null');
  return Array.isArray(names) && names.length === CLASSES ? names.map(String) : null;
}
