import type { Kernel } from '../kernel-table';
import { GAMMA_ATTEMPTS, threefry, TRUNCATED_NORMAL_ATTEMPTS, type RandomAttributes } from '../random';
import { uniformForm } from '../uniform';
import { valuesOf, type CpuBackend } from './backend';

/** The two random words of one counter. */
type Words = Uint32Array;

/** Turns the 24 high bits of a word into a number in [0, 1), which is exact in float32. */
function unitInterval(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

/** A normal number by Box & Muller, "A note on the generation of random normal deviates", 1958. 1 − u keeps the logarithm finite. */
function standardNormal(words: Words): number {
  const radius = Math.sqrt(-2 * Math.log(1 - unitInterval(words[0]!)));
  return radius * Math.cos(2 * Math.PI * unitInterval(words[1]!));
}

type Draw = (element: number, words: Words) => number;

function drawOf({ distribution, key: [key0, key1], a, b }: RandomAttributes): Draw {
  switch (distribution) {
    case 'uniform': {
      // Every operation is rounded to float32, as in a shader, so that all backends have the same bits.
      const { low, range, scale, least, most } = uniformForm(a, b);
      return (element, words) => {
        threefry(key0, key1, element, 0, words);
        const drawn = scale * Math.fround(low + Math.fround(range * unitInterval(words[0]!)));
        return Math.min(Math.max(drawn, least), most);
      };
    }
    case 'integer':
      return (element, words) => {
        threefry(key0, key1, element, 0, words);
        return a + (words[0]! % (b - a));
      };
    case 'normal':
      return (element, words) => {
        threefry(key0, key1, element, 0, words);
        return a + b * standardNormal(words);
      };
    case 'truncatedNormal':
      return (element, words) => {
        let deviate = 0;
        for (let attempt = 0; attempt < TRUNCATED_NORMAL_ATTEMPTS; attempt++) {
          threefry(key0, key1, element, attempt, words);
          deviate = standardNormal(words);
          if (Math.abs(deviate) <= 2) break;
        }
        return a + b * deviate;
      };
    case 'gamma': {
      const d = (a < 1 ? a + 1 : a) - 1 / 3;
      const c = 1 / Math.sqrt(9 * d);
      return (element, words) => {
        let cube = 1;
        for (let attempt = 0; attempt < GAMMA_ATTEMPTS; attempt++) {
          threefry(key0, key1, element, 2 * attempt, words);
          const deviate = standardNormal(words);
          threefry(key0, key1, element, 2 * attempt + 1, words);
          cube = (1 + c * deviate) ** 3;
          const logarithm = Math.log(1 - unitInterval(words[0]!));
          if (cube > 0 && logarithm < deviate ** 2 / 2 + d * (1 - cube + Math.log(cube))) break;
        }
        const boost = a < 1 ? (1 - unitInterval(words[1]!)) ** (1 / a) : 1;
        return b * d * Math.max(cube, 0) * boost;
      };
    }
  }
}

export const random: Kernel<CpuBackend, 'random'> = (backend, _inputs, [output], attributes) => {
  const y = valuesOf(backend, output!);
  const draw = drawOf(attributes);
  const words = new Uint32Array(2);
  const whole = output!.dtype !== 'float32';
  for (let i = 0; i < y.length; i++) {
    const drawn = draw(i, words);
    y[i] = whole ? Math.floor(drawn) : drawn;
  }
};
