import { onnxOps } from '../ops/onnx';
import type { ModelFormat } from './format';
import { readOnnx } from './onnx/read';

/**
 * The format of ONNX (https://onnx.ai): one file `*.onnx`, and files with values beside it, if it names any.
 */
export const onnx: ModelFormat = {
  name: 'a model of ONNX',
  ops: onnxOps,
  read: (files, operator, onBytes) => readOnnx(files, operator, onnxOps, onBytes),
};
