/**
 * Runs a pipeline in a worker, with back-pressure, errors and parameters across the border.
 *
 * @module rxtensor/workers
 */
export { inWorker } from './in-worker';
export type { InWorkerOptions } from './page-end';
export type { NodePortLike, PortLike, WebPortLike, WorkerLike } from './port';
export { remoteVariables, type RemoteVariables, type VariableValues } from './remote-variables';
export { serve, type ServeOptions } from './serve';
export type { ServedParameters } from './served-parameters';
