export { recorded, type Recorded, type RecordedOptions } from './recorded';
export { explain } from './explain';
export { inSegments, type InSegments } from './segments';
