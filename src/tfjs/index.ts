/**
 * The names that packages import from `@tensorflow/tfjs`, `@tensorflow/tfjs-core`, `-converter` and `-layers`, for an alias in a bundler or
 * `overrides` in package.json. docs/from-tensorflow.md lists what is not here.
 *
 * @module rxtensor/tfjs
 * @experimental
 */
export * from '../tensor';
// These have TensorFlow.js's form here.
export { getBackend, setBackend } from './backends';
export { env, type Environment } from './environment';
export { engine, type Engine } from './engine';
export { deregisterOp, registerOp, type GraphNode } from './custom-ops';
export { GraphModel, loadGraphModel, loadGraphModelSync, type ModelTensorInfo } from './graph-model';
export type {
  IOHandler,
  ModelArtifacts,
  ModelArtifactsInfo,
  SaveResult,
  WeightData,
  WeightsManifestEntry,
  WeightsManifestGroup,
} from './artifacts';
export type { LoadOptions } from './io';
export { input, layers, LayersModel, model, sequential } from '../models';
export { loadLayersModel } from './layers-model';
export * as io from './io';
export * as signal from './signal';
export * as util from './util';
export {
  deprecationWarn,
  disableDeprecationWarnings,
  enableProdMode,
  version,
  version_converter,
  version_core,
} from './versions';
