/** Photos of people, which the package `@vladmandic/face-api` brings: used here, never committed or shown. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { MODEL_PACKAGES } from './packages';

/** A photo, three bytes a pixel. */
export interface Photo {
  readonly width: number;
  readonly height: number;
  readonly values: Int32Array;
}

interface Decoder {
  readonly decode: (file: Uint8Array) => { width: number; height: number; data: Uint8Array };
}

/** A photo by its number, from 1 to 6, at half its size, so that the references do not take long. */
export function photo(number: number): Photo {
  const { decode } = createRequire(join(process.cwd(), 'test/models/photos.ts'))('jpeg-js') as Decoder;
  const file = join(MODEL_PACKAGES, `@vladmandic/face-api/demo/sample${number}.jpg`);
  const whole = decode(readFileSync(file));
  const [width, height] = [whole.width >> 1, whole.height >> 1];
  const values = new Int32Array(width * height * 3);
  for (let i = 0; i < values.length; i++) {
    const [row, column, channel] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
    const at = (dy: number, dx: number): number =>
      whole.data[((2 * row + dy) * whole.width + 2 * column + dx) * 4 + channel]!;
    values[i] = Math.round((at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4);
  }
  return { width, height, values };
}
