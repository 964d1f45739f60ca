export { decodeEmission, toTensors, type Decoded } from './decode';
export { encodeDecoded, encodeEmission, encodeValue } from './encode';
export { classOf, MOST_LEVELS, precisions, step, type Precision } from './format';
