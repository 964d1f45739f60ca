/** The table that both train on, and what they do with it. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { values } from '../library';

/** Nine features and what is to be predicted: ten columns. */
export const features = ['x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7', 'x8', 'x9'] as const;
export const target = 'y';
/** Of each feature: what is taken off, and by what it is divided. */
export const mean = features.map((_, i) => 10 * i - 40);
export const scale = features.map((_, i) => 1 + i / 2);

export const BATCH = 512;
/** How many rows a shuffle holds. */
export const HELD = 10_000;
export const SEED = 7;
export const LEARNING_RATE = 0.001;
const HIDDEN = 32;

/** The weights and biases that both begin with. */
export const shapes: readonly number[][] = [[features.length, HIDDEN], [HIDDEN], [HIDDEN, 1], [1]];
export function firstWeights(): Float32Array[] {
  return shapes.map((shape, i) =>
    values(
      shape.reduce((size, extent) => size * extent, 1),
      i + 2,
    ).map((value) => value * 0.3),
  );
}

/** Writes rows with a known relation, in numbers of four decimals, a chunk at a time. */
export async function writeTable(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${[...features, target].join(',')}\n`);
  const CHUNK = 10_000;
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from);
    const drawn = values(count * features.length, 1 + from / CHUNK);
    let text = '';
    for (let row = 0; row < count; row++) {
      let sum = 0;
      for (let i = 0; i < features.length; i++) {
        const value = drawn[row * features.length + i]!;
        sum += i % 2 === 0 ? value : value * value;
        text += `${(mean[i]! + scale[i]! * value).toFixed(4)},`;
      }
      text += `${sum.toFixed(4)}\n`;
    }
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
