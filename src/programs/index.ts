/**
 * Records a function once, and replays it: in fewer steps, on memory that is planned ahead.
 *
 * @module rxtensor/programs
 * @experimental
 */
export { recorded, type Recorded, type RecordedOptions } from './recorded';
export { explain } from './explain';
export { inSegments, type InSegments } from './segments';
