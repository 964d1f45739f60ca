/**
 * `rxtensor/programs`: records a function once, then replays it planned and fused.
 *
 * @packageDocumentation
 * @experimental
 */
export { recorded, type Recorded, type RecordedOptions } from './recorded';
export { explain } from './explain';
export { inSegments, type InSegments } from './segments';
