/**
 * Lets a pipeline go on in another process, page or machine: emissions, served models, training and checkpoints over NATS.
 *
 * @module rxtensor/nats
 * @experimental
 */
export { fromNats, type FromNatsOptions } from './carrying/from-nats';
export { toNats, type ToNatsOptions } from './carrying/to-nats';
export type { Precision } from './codec';
export { natsStore, type NatsStoreOptions } from './nats-store';
export type { RefusedMessage } from './refusals';
export {
  openTelemetryMetrics,
  prometheusMetrics,
  type OpenTelemetryMeter,
  type PrometheusClient,
} from './serving/metrics';
export { remoteModel, RemoteModelError, type RemoteModelOptions } from './serving/remote-model';
export type { ServableModel } from './serving/run-model';
export { serveModel, type ServedModel, type ServeModelOptions } from './serving/serve-model';
export type { ServiceStatistics } from './serving/statistics';
export * from './training';
