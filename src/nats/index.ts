export type { Precision } from './codec';
export * from './training';
