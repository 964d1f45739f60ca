/**
 * The page's half of `rxtensor/workers`, for pages that leave all tensors to their worker: it loads no engine.
 *
 * @module rxtensor/page
 */
export { waitUntil } from './emissions';
export { inWorker } from './in-worker';
export type { HostArray, HostTensor } from '../streams/data/host-array';
export type { InWorkerOptions } from '../workers/page-end';
export type { NodePortLike, PortLike, WebPortLike, WorkerLike } from '../workers/port';
export { remoteVariables, type RemoteVariables, type VariableValues } from '../workers/remote-variables';
