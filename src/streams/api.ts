export { waitUntil } from './emission';
export { isHostArray, type HostArray, type HostTensor } from './data/host-array';
export { resume, type ResumeOptions, type ResumePoint } from './checkpoints/resume';
export type { CheckpointStore } from './checkpoints/store';
export { accuracy } from './operators/accuracy';
export { across, type AcrossOptions } from './operators/across';
export { applyGradients } from './operators/apply-gradients';
export { batch, type Batched, type BatchOptions } from './operators/batch';
export { checkpoint, type CheckpointOptions } from './operators/checkpoint';
export { confusionCounts, type ConfusionCounts } from './operators/confusion-counts';
export { download, type Downloaded } from './operators/download';
export { earlyStop, type EarlyStopOptions } from './operators/early-stop';
export { exponentialMean } from './operators/exponential-mean';
export { gradients, type LossGradients } from './operators/gradients';
export { latest, type LatestOptions } from './operators/latest';
export { mapTensor } from './operators/map-tensor';
export type { WarmUpOptions } from './operators/parts/warming';
export { mapTensorAsync, type MapTensorAsyncOptions } from './operators/map-tensor-async';
export { own } from './operators/own';
export { ownLast } from './operators/own-last';
export {
  predict,
  type BatchingOptions,
  type ModelVersion,
  type PredictOptions,
  type WaitingModel,
} from './operators/predict';
export { progress, type Progress, type ProgressOptions } from './operators/progress';
export { runningMean } from './operators/running-mean';
export { scanTensor } from './operators/scan-tensor';
export { scoped } from './operators/scoped';
export { shuffle } from './operators/shuffle';
export { slidingWindow } from './operators/sliding-window';
export { trainStep, type TrainStepOptions } from './operators/train-step';
export { unbatch, type Unbatched } from './operators/unbatch';
export {
  validate,
  type Evaluation,
  type Measured,
  type Measures,
  type Validated,
} from './operators/validate';
export { combineLatestTensor } from './operators/combine-latest-tensor';
export { shareReplayTensor } from './operators/share-replay-tensor';
export { withLatestFromTensor } from './operators/with-latest-from-tensor';
export { zipTensor } from './operators/zip-tensor';
export { each } from './iteration/each';
export type { EachOptions } from './iteration/iterator';
export { toReadableStream } from './iteration/to-readable-stream';
export { memoryStore } from './checkpoints/memory-store';
export { paint } from './operators/paint';
export type { PaintOptions } from '../tensor/ops/show-picture';
export type { Classified } from './training/classified';
export type { ClippingOptions } from './training/clipping';
export type { Hyperparameter, HyperparameterOptions } from './training/hyperparameters';
export type { GradientsOptions, LossOutputs, LossResult, OutputsOf } from './training/loss';
export type { Metrics, StepReport } from './training/metrics';
export type { Peers } from './training/peers';
export type { PullOptions } from './pulling/pull';
export type {
  Example,
  ExampleColumn,
  ExampleData,
  ExampleDataLike,
  ExampleTable,
} from './data/example-types';
export { examples, type ExamplesOptions } from './sources/examples';
export type { LiveOptions } from './pulling/live';
export { canvasFrames } from './sources/canvas-frames';
export { fromAsyncIterable } from './sources/from-async-iterable';
export { fromReadable } from './sources/from-readable';
export { images, type ImageSource, type ImagesOptions } from './sources/images';
export { videoFrames, type FramesOptions } from './sources/video-frames';
export { webcam } from './sources/webcam';
