import type { Rows } from '../row';
import { arrayRows } from './arrays';
import { elementwise } from './elementwise';
import { imageRows } from './images';
import { indexing } from './indexing';
import { losses } from './losses';
import { moreOps } from './more-ops';
import { neural } from './neural';
import { products } from './products';
import { reductions } from './reductions';
import { shapingRows } from './shaping';

export { withoutOracle } from './without-oracle';

/** Every op, and how it is compared with TensorFlow.js. */
export const rows: Rows = {
  ...elementwise,
  ...reductions,
  ...products,
  ...neural,
  ...losses,
  ...shapingRows,
  ...indexing,
  ...imageRows,
  ...arrayRows,
  ...moreOps,
};
