import type { Rows } from './argument';
import { elementwiseRows } from './elementwise';
import { imageRows, pixelRows } from './images';
import { indexingRows } from './indexing';
import { lossRows } from './losses';
import { makingRows } from './making';
import { neuralRows } from './neural';
import { shapingRows } from './shaping';

export type { Argument, Kind, Row, Rows, WrongOrReason } from './argument';
export { plainKinds, tensorKinds } from './argument';

/** The arguments of every op, and what is wrong for each. A new op adds its own. */
export const argumentRows: Rows = {
  ...elementwiseRows,
  ...makingRows,
  ...shapingRows,
  ...indexingRows,
  ...neuralRows,
  ...lossRows,
  ...imageRows,
  ...pixelRows,
};
