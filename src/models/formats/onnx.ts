import { onnxOps } from '../ops/onnx';
import type { ModelFormat } from './format';
import { readOnnx } from './onnx/read';

/**
 * The format of ONNX (https://onnx.ai): one file `*.onnx`, and files with values beside it, if it names any.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { loadGraphModel, onnx } from 'rxtensor/models';
 * // y = x·[3, ½], as the bytes of a file.
 * const base64 =
 *   'CAg6TQoOCgF4CgF3EgF5IgNNdWwSBWdyYXBoKhIKAQIQAUIBdyIIAABAQAAAAD9aDwoBeBIKCggIARIECgIIAmIPCgF5EgoKCAgBEgQKAggCQgQKABAR';
 * const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
 * const model = await loadGraphModel<number[], dl.Tensor>([new File([bytes], 'scale.onnx')], {
 *   format: onnx,
 * });
 * const y = dl.tidy(() => model.predict([1, 2]));
 * y.print(); // 3, 1
 * dl.dispose(y);
 * model.dispose();
 * ```
 */
export const onnx: ModelFormat = {
  name: 'a model of ONNX',
  ops: onnxOps,
  read: (files, operator, onBytes) => readOnnx(files, operator, onnxOps, onBytes),
};
