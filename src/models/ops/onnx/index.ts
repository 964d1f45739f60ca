import type { OpTable } from '../row';
import { elementwise } from './elementwise';
import { indexing } from './indexing';
import { products } from './products';
import { quantization } from './quantized';
import { recurrence } from './recurrent';
import { reductions } from './reductions';
import { resizing } from './resize';
import { shaping } from './shaping';
import { windows } from './windows';

function allOps(): OpTable {
  return {
    ...elementwise(),
    ...indexing(),
    ...products(),
    ...quantization(),
    ...recurrence(),
    ...reductions(),
    ...resizing(),
    ...shaping(),
    ...windows(),
  };
}

/**
 * The ops of models, by their names in ONNX. Control flow is in graph/trace; names with a colon are our own. The annotation lets bundlers drop the
 * table, and all that it needs, where the format is not imported.
 */
export const onnxOps: OpTable = /* @__PURE__ */ allOps();
