// From the raw output of a detector to boxes on the screen: decoding, masks, and the suppression of doubles.
import * as tf from '@tensorflow/tfjs-core';

const ANCHORS = 24;
const CLASSES = 3;

interface Detection {
  readonly box: number[];
  readonly label: number;
  readonly score: number;
}

/** [y, x, height, width] and a score for each class, as a network gives them. */
function rawOutput(): tf.Tensor2D {
  return tf.tidy(() => {
    const steps = tf.range(0, ANCHORS * (4 + CLASSES));
    return tf
      .sin(steps.mul(1.3))
      .mul(2)
      .as2D(ANCHORS, 4 + CLASSES);
  });
}

/** Corners from centres and extents. */
function decode(raw: tf.Tensor2D): { boxes: tf.Tensor2D; scores: tf.Tensor1D; labels: tf.Tensor1D } {
  return tf.tidy(() => {
    const [centres, extents, classes] = tf.split(raw, [2, 2, CLASSES], 1);
    const halves = tf.exp(extents).mul(0.1);
    const middle = tf.sigmoid(centres);
    const boxes = tf.concat([middle.sub(halves), middle.add(halves)], 1).clipByValue(0, 1) as tf.Tensor2D;
    const probabilities = tf.sigmoid(classes);
    return {
      boxes,
      scores: probabilities.max<tf.Tensor1D>(1),
      labels: probabilities.argMax<tf.Tensor1D>(1),
    };
  });
}

async function detect(raw: tf.Tensor2D): Promise<Detection[]> {
  const { boxes, scores, labels } = decode(raw);
  const confident = tf.tidy(() => scores.greaterEqual(0.6));
  const kept = await tf.booleanMaskAsync(boxes, confident, 0);
  const keptScores = await tf.booleanMaskAsync(scores, confident);
  const keptLabels = await tf.booleanMaskAsync(labels, confident);
  const chosen = await tf.image.nonMaxSuppressionAsync(
    kept as tf.Tensor2D,
    keptScores as tf.Tensor1D,
    6,
    0.4,
    0.5,
  );
  const [finalBoxes, finalScores, finalLabels] = tf.tidy(() => [
    tf.gather(kept, chosen),
    tf.gather(keptScores, chosen),
    tf.gather(keptLabels, chosen),
  ]);
  const rows = (await finalBoxes.array()) as number[][];
  const values = await finalScores.data();
  const kinds = await finalLabels.data();
  tf.dispose([boxes, scores, labels, confident, kept, keptScores, keptLabels, chosen]);
  tf.dispose([finalBoxes, finalScores, finalLabels]);
  return rows.map((box, i) => ({ box, label: kinds[i], score: values[i] }));
}

export async function run(): Promise<number[]> {
  const raw = rawOutput();
  const results = (await detect(raw)).flatMap(({ box, label, score }) => [...box, label, score]);
  const { boxes, scores } = decode(raw);
  const soft = await tf.image.nonMaxSuppressionWithScoreAsync(boxes, scores, 5, 0.5, 0.2, 0.3);
  const padded = tf.image.nonMaxSuppressionPadded(boxes, scores, 5, 0.3, 0.2, true);
  const places = await tf.whereAsync(scores.greater(0.9));
  const { values, indices } = tf.topk(scores, 4);
  for (const each of [
    soft.selectedIndices,
    soft.selectedScores,
    padded.selectedIndices,
    padded.validOutputs,
  ]) {
    results.push(...(await each.data()));
  }
  results.push(...places.shape, ...(await places.data()), ...values.dataSync(), ...indices.dataSync());
  tf.dispose([raw, boxes, scores, places, values, indices]);
  tf.dispose([soft.selectedIndices, soft.selectedScores, padded.selectedIndices, padded.validOutputs]);
  return results;
}
