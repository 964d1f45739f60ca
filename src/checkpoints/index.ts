/**
 * `rxtensor/checkpoints`: keeps checkpoints in a browser's IndexedDB, and restarts a training whose GPU was taken away.
 *
 * @packageDocumentation
 */
export { indexedDBStore } from '../streams/checkpoints/indexed-db-store';
export { resilient, type ResilientOptions, type ResilientPoint } from '../streams/checkpoints/resilient';
