export type { ModelInputs } from './model-inputs';
export type { BytesListener, Fetch, ModelFiles, ModelSource } from './model-files';
export type { ModelFormat } from './formats/format';
export type { NodeAttributes, NodeCall, OpRow, OpTable } from './ops/row';
export { fromSafetensors, safetensorsMetadata, toSafetensors } from './formats/safetensors';
export { tfjsGraph } from './formats/tfjs-graph';
export { tflite } from './formats/tflite';
export type {
  AttributeValue,
  Attributes,
  Constant,
  Graph,
  GraphInput,
  GraphNode,
  GraphOutput,
  NodeOutput,
  TensorDescription,
} from './graph/graph';
export { GraphModel, type NamedTensors } from './graph-model';
export { loadGraphModel, type LoadOptions, type LoadProgress } from './load';
