export type {
  Backend,
  BackendDevice,
  BackendMemory,
  BackendTiming,
  Preparation,
  TensorInfo,
} from './backend';
export type { BackendReport } from './backend-report';
export { hasOtherCopies, isOfAnotherCopy, markOwn, perhapsCopies, whyCopies } from './copies';
export { ContextLostError, contextLost, nameLostVariables } from './context-lost';
export type { ConvolutionAttributes, PoolAttributes, WindowGeometry } from './convolution';
export { BYTES_PER_ELEMENT, toTypedArray, type DataType, type DataTypeMap, type TypedArray } from './dtype';
export { binaryFunctions, type BinaryName, type BinaryRow } from './binary-functions';
export { unaryFunctions, type UnaryName, type UnaryRow } from './unary-functions';
export type { Activation } from './activation';
export type { CustomAttributes } from './custom';
export { colourMaps } from './colour-maps';
export {
  bytesOf,
  isPixelData,
  paintedBytes,
  type DrawableSource,
  type PictureSide,
  type PixelData,
  type PixelSource,
} from './picture';
export { canvasWith } from './scratch-canvas';
export type {
  AxisView,
  BroughtKernelName,
  Kernel,
  KernelAttributes,
  KernelName,
  KernelTable,
  PartialKernelTable,
} from './kernel-table';
export { broadcastStrides, sameShape, sizeOf, stridesOf, type Shape } from './strides';
export { updateRules, type UpdateName, type UpdateRow } from './optimizer-updates';
export { threefry, type Distribution } from './random';
export type { ReductionName } from './reductions';
export {
  activeBackend,
  backendReport,
  getBackend,
  onBackend,
  ready,
  removeBackend,
  setBackend,
} from './active-backend';
export {
  findBackend,
  isBackendOpen,
  registerBackend,
  registerOwnBackend,
  type BackendFactory,
} from './registered-backends';
