export { measure } from './metrics/measure';
export type { Metric, MetricsByName } from './metrics/metric';
export { regression, type Predicted, type RegressionErrors, type RegressionSums } from './metrics/regression';
export { adwin, type Adwin, type AdwinOptions } from './learning/adwin';
export { detectDrift, type DetectDriftOptions, type Drifting } from './learning/detect-drift';
export type { DriftDetector } from './learning/drift-detector';
export { pageHinkley, type PageHinkleyOptions } from './learning/page-hinkley';
export { prequentialMeans, type PrequentialMeans, type PrequentialOptions } from './learning/prequential';
export { replayBuffer, type Replayed, type ReplayBufferOptions } from './learning/replay-buffer';
export {
  prioritised,
  reservoir,
  type Drawn,
  type PrioritisedOptions,
  type ReplayMemory,
  type ReservoirOptions,
} from './learning/replay-memory';
export {
  cosineDecay,
  exponentialDecay,
  schedule,
  stepDecay,
  warmRestarts,
  warmUpThen,
  type CosineDecayOptions,
  type DecayOptions,
  type ScheduleRule,
  type WarmRestartsOptions,
} from './learning/schedules';
export { snapshots, type ModelSnapshot, type SnapshotsOptions } from './learning/snapshots';
export { testThenTrain, type Tested, type TestThenTrainOptions } from './learning/test-then-train';
