export { indexedDBStore } from '../streams/checkpoints/indexed-db-store';
export { resilient, type ResilientOptions, type ResilientPoint } from '../streams/checkpoints/resilient';
