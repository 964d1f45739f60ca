export { decodeEmission, toTensors, type Decoded } from './decode';
export { encodeEmission, encodeValue } from './encode';
export { precisions, type Precision } from './format';
