export { measure } from './metrics/measure';
export type { Metric, MetricsByName } from './metrics/metric';
export { regression, type Predicted, type RegressionErrors, type RegressionSums } from './metrics/regression';
export { adwin, type Adwin, type AdwinOptions } from './learning/adwin';
export { detectDrift, type DetectDriftOptions, type Drifting } from './learning/detect-drift';
export type { DriftDetector } from './learning/drift-detector';
export { pageHinkley, type PageHinkleyOptions } from './learning/page-hinkley';
