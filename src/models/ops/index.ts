import { elementwise } from './elementwise';
import { products } from './products';
import { reductions } from './reductions';
import type { OpTable } from './row';
import { shaping } from './shaping';

/** The ops of models, by their names in TensorFlow. Control flow is in graph/trace. */
export const opTable: OpTable = { ...elementwise, ...products, ...reductions, ...shaping };
