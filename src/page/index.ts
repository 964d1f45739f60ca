/**
 * `rxtensor/page`: the half of `rxtensor/workers` that a page needs which leaves all tensors to its worker, without the engine.
 *
 * @packageDocumentation
 */
export { waitUntil } from './emissions';
export { inWorker } from './in-worker';
export type { HostArray, HostTensor } from '../streams/data/host-array';
export type { InWorkerOptions } from '../workers/page-end';
export type { NodePortLike, PortLike, WebPortLike, WorkerLike } from '../workers/port';
export { remoteVariables, type RemoteVariables, type VariableValues } from '../workers/remote-variables';
