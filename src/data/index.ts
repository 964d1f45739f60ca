export { measure } from './metrics/measure';
export type { Metric, MetricsByName } from './metrics/metric';
export { regression, type Predicted, type RegressionErrors, type RegressionSums } from './metrics/regression';
