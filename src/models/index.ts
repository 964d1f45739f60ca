/**
 * Loads, makes, runs, trains and saves models: graphs and layers of TensorFlow.js, ONNX, TensorFlow Lite, safetensors.
 *
 * @module rxtensor/models
 * @experimental
 */
export type { ModelInputs } from './model-inputs';
export type { BytesListener, Fetch, ModelFiles } from './model-files';
export type { ModelSource } from './model-source';
export type { ModelFormat } from './formats/format';
export type { NodeAttributes, NodeCall, OpRow, OpTable } from './ops/row';
export { fromSafetensors, safetensorsMetadata, toSafetensors } from './formats/safetensors';
export { tfjsGraph } from './formats/tfjs-graph';
export { onnx } from './formats/onnx';
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
export { GraphModel, type ModelSignature } from './graph-model';
export type { MicroBatchOptions } from './micro-batches';
export type { NamedTensors } from './named-tensors';
export { modelFrom, type ModelEvent, type ModelFromOptions } from './model-from';
export { loadGraphModel, type LoadingOptions, type LoadOptions, type LoadProgress } from './load';
export { cachedFetch, type CachedFetchOptions } from './caching/cached-fetch';
export type { FileCache } from './caching/file-cache';
export { loadWeights } from './load-weights';
export { input, model, sequential, type InputOptions, type ModelOptions } from './build-model';
export { LayersModel } from './layers-model';
export * as layers from './layers';
export type {
  CustomCall,
  CustomLayer,
  CustomLayerDefinition,
  CustomSettings,
  CustomWeight,
} from './layers/custom';
export { customLayer } from './layers/custom';
export { Layer, type CommonOptions, type LayerResult, type LayerRun } from './layers/layer';
export type { LayerFactory, LayerOptions } from './layers/factory';
export type { CallOptions } from './layers/kind';
export { SymbolicTensor } from './layers/symbolic';
export { loadLayersModel, type LoadLayersOptions } from './load-layers-model';
export {
  toDownload,
  toServer,
  type ModelFileSink,
  type ModelSink,
  type ModelStore,
} from './save-layers-model';
