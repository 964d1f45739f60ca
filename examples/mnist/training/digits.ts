import type { HostArray } from 'rxtensor';
import { loadIdx } from 'rxtensor/files';

/** Handwritten digits: images [n, 28, 28] from 0 (paper) to 255 (ink), and their labels. */
export interface Digits {
  readonly xs: HostArray;
  readonly ys: Uint8Array;
}

/** LeCun, Cortes, Burges: the MNIST database of handwritten digits. */
export interface Mnist {
  /** 60,000 to train on. */
  readonly train: Digits;
  /** 10,000 of other writers. */
  readonly test: Digits;
}

/** The error when the files cannot be loaded. */
export class MissingDigits extends Error {
  override readonly name = 'MissingDigits';
}

const loaded = new Map<string, Promise<Digits>>();

/** The 10,000 digits to test with, which the page shows before the first run. */
export function loadTestDigits(): Promise<Digits> {
  return loadOnce('t10k');
}

/** Both sets; each is loaded once. */
export async function loadMnist(): Promise<Mnist> {
  const [train, test] = await Promise.all([loadOnce('train'), loadOnce('t10k')]);
  return { train, test };
}

/** The first of them. */
export function firstDigits({ xs, ys }: Digits, count: number): Digits {
  const [, ...image] = xs.shape;
  const pixels = image.reduce((product, extent) => product * extent, 1);
  return {
    xs: { values: xs.values.subarray(0, count * pixels), shape: [count, ...image] },
    ys: ys.subarray(0, count),
  };
}

function loadOnce(part: 'train' | 't10k'): Promise<Digits> {
  const known = loaded.get(part);
  if (known) return known;
  const loading = load(part);
  loaded.set(part, loading);
  // A failure is not remembered: the next press of the button tries again.
  loading.catch(() => loaded.delete(part));
  return loading;
}

async function load(part: string): Promise<Digits> {
  try {
    // Under the names that the files have had since 1998; vite.config.ts serves them above the pages' folders.
    const [xs, labels] = await Promise.all([
      loadIdx(`../${part}-images-idx3-ubyte`),
      loadIdx(`../${part}-labels-idx1-ubyte`),
    ]);
    return { xs, ys: labels.values as Uint8Array };
  } catch (error) {
    throw new MissingDigits(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
