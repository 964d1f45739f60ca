export { decodeEmission, toTensors, type Decoded } from './decode';
export { encodeDecoded, encodeEmission, encodeValue } from './encode';
export { precisions, type Precision } from './format';
