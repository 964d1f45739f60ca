export type { Precision } from './codec';
