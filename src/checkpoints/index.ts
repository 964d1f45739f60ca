/**
 * Keeps checkpoints in IndexedDB, and restarts a training whose GPU was taken away.
 *
 * @module rxtensor/checkpoints
 */
export { indexedDBStore } from '../streams/checkpoints/indexed-db-store';
export { resilient, type ResilientOptions, type ResilientPoint } from '../streams/checkpoints/resilient';
