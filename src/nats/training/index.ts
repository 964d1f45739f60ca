export { average } from './average';
export { dataParallel, type DataParallel } from './data-parallel';
export type { DataParallelOptions } from './settings';
export type { Patience } from './patience';
export type { Traffic } from './membership-options';
export { shard } from './shard';
