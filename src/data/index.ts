/**
 * Prepares rows, splits and balances them, measures models, and learns from feeds that never end.
 *
 * @module rxtensor/data
 * @experimental
 */
export { alongside, type Alongside } from './metrics/alongside';
export { prAuc, rocAuc, type Area, type AreaOptions, type ScoreCounts } from './metrics/area';
export { calibration, type Calibration, type CalibrationSums } from './metrics/calibration';
export {
  classReport,
  f1,
  precision,
  recall,
  type ClassReport,
  type ClassScores,
  type ConfusionState,
} from './metrics/confusion';
export { evaluation } from './metrics/evaluation';
export { measure } from './metrics/measure';
export type { Metric } from './metrics/metric';
export { metrics, type AnyMetric, type ResultsOf, type StatesOf, type ValueOf } from './metrics/metrics';
export { measurePart, mergeParts } from './metrics/parts';
export { pairs, unpaired, type Unpaired } from './metrics/pairs';
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
export { balanced, type BalancedOptions } from './sampling/balanced';
export type { RowKey } from './sampling/row-key';
export { partOf, splitRows, type Parts, type SplitRowsOptions } from './sampling/split-rows';
export type { Scored } from './metrics/scored';
export {
  stepMetrics,
  type MeasuredStep,
  type StepMetrics,
  type StepMetricsOptions,
  type WithResults,
} from './metrics/step-metrics';
export { topK, type Hits, type Ranked } from './metrics/top-k';
export { classWeights, type ClassWeightsOptions } from './transforms/class-weights';
export type { DatePart } from './transforms/dates';
export { fit } from './transforms/fit';
export type { Step } from './transforms/step';
export {
  cyclic,
  dates,
  hashing,
  impute,
  minMax,
  oneHotColumns,
  robust,
  standardise,
  vocabulary,
  type ImputeOptions,
  type MinMaxOptions,
  type VocabularyOptions,
} from './transforms/steps';
export { timeWindows, type TimeWindow, type TimeWindowsOptions } from './windows/time-windows';
export { transform, transformRow, type PreparedRow } from './transforms/transform';
