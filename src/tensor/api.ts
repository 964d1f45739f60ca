import { registerOwnBackend } from '../kernels';
import { createCpuBackend } from '../kernels/cpu';
import { installChainedMethods } from './chained';
import { env } from './environment';

installChainedMethods();
registerOwnBackend('cpu', () => createCpuBackend(env().get('CPU_SIMD')), 1);

export {
  ContextLostError,
  backendReport,
  getBackend,
  ready,
  registerBackend,
  removeBackend,
  setBackend,
} from '../kernels';
export type {
  Backend,
  BackendDevice,
  BackendFactory,
  BackendMemory,
  BackendReport,
  BackendTiming,
  CustomAttributes,
  DataType,
  DataTypeMap,
  Kernel,
  KernelAttributes,
  KernelName,
  KernelTable,
  PartialKernelTable,
  Preparation,
  TensorInfo,
  TypedArray,
} from '../kernels';
export type { TensorContainer } from './container';
export { customGrad, type CustomGradient, type GradSaveFunc } from './custom-gradient';
export { grad, grads, valueAndGrad, valueAndGrads, variableGrads, type NamedTensorMap } from './gradients';
export { memory, type MemoryInfo } from './memory';
export * from './ops';
export * from './optimizers';
export { getRandomState, setRandomState, setSeed, type RandomState } from './random-state';
export { Rank, type ArrayMap, type RankAbove, type RankBelow, type RankOf, type ShapeMap } from './rank';
export { backend } from './backend';
export { nextFrame } from './next-frame';
export { time, type TimeInfo } from './time';
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
export { warmUp } from './warm-up';
export { version } from './version';
export { disableDebugMode, enableDebugMode, type DebugOptions } from './debug';
export { env, type Environment, type Flags } from './environment';
export { largestTensors, type LivingTensor } from './living-tensors';
export { profile, type KernelProfile, type ProfileInfo } from './profile';
export type { ExplicitPadding, Padding, RoundingMode } from './window-geometry';
