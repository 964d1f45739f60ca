import { elementwiseRows } from './elementwise';
import { imagesRows } from './images';
import { indexingRows } from './indexing';
import { linearAlgebraRows } from './linear-algebra';
import { lossesRows } from './losses';
import { neuralRows } from './neural';
import { reductionsRows } from './reductions';
import type { GradientRows } from './row';
import { shapingRows } from './shaping';

export { constants } from './constants';
export type { GradientRow, GradientRows } from './row';

/** A row for every differentiable op; several where it takes several ways. A new op adds its own. */
export const gradientRows: GradientRows = {
  ...elementwiseRows,
  ...shapingRows,
  ...indexingRows,
  ...imagesRows,
  ...reductionsRows,
  ...linearAlgebraRows,
  ...neuralRows,
  ...lossesRows,
};
