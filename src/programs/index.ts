export { recorded, type Recorded, type RecordedOptions } from './recorded';
