import type { Rows } from '../case';
import { elementwiseRows } from './elementwise';
import { imageRows } from './images';
import { moveRows } from './moves';
import { productRows } from './products';
import { reductionRows } from './reductions';
import { trainingRows } from './training';

/** THE table: how each kernel is drawn and compared. */
export const rows: Rows = {
  ...elementwiseRows,
  ...imageRows,
  ...moveRows,
  ...productRows,
  ...reductionRows,
  ...trainingRows,
};
