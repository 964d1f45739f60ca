import { registerBackend } from '../kernels';
import { createCpuBackend } from '../kernels/cpu';
import { createWebGLBackend } from '../kernels/webgl';
import { installChainedMethods } from './chained';

installChainedMethods();
registerBackend('webgl', createWebGLBackend, 2);
registerBackend('cpu', createCpuBackend, 1);

export { getBackend, registerBackend, removeBackend, setBackend } from '../kernels';
export type { Backend, BackendMemory, DataType, DataTypeMap, TypedArray } from '../kernels';
export type { TensorContainer } from './container';
export {
  customGrad,
  grad,
  grads,
  valueAndGrad,
  valueAndGrads,
  variableGrads,
  type CustomGradient,
  type GradSaveFunc,
  type NamedTensorMap,
} from './gradients';
export { memory, type MemoryInfo } from './memory';
export * from './ops';
export * from './optimizers';
export { getRandomState, setRandomState, setSeed, type RandomState } from './random-state';
export { Rank, type ArrayMap, type ShapeMap } from './rank';
export { backend, nextFrame, ready, time, type TimeInfo } from './running';
export { dispose, keep, tidy } from './scope';
export {
  Tensor,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  type Tensor6D,
} from './tensor';
export { buffer, TensorBuffer } from './tensor-buffer';
export type { RecursiveArray, TensorInput, TensorLike, TypedArrayLike } from './tensor-like';
export { disposeVariables, Variable, variable } from './variable';
export { disableDebugMode, enableDebugMode } from './debug';
export type { ExplicitPadding, Padding, RoundingMode } from './window-geometry';
