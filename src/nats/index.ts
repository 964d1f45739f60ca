export { fromNats, type FromNatsOptions } from './carrying/from-nats';
export { toNats, type ToNatsOptions } from './carrying/to-nats';
export type { Precision } from './codec';
export type { RefusedMessage } from './refusals';
