export { broadcastArgs } from './broadcast-args';
export { setdiff1dAsync, unique } from './unique';
export { booleanMaskAsync, whereAsync } from './where-async';
