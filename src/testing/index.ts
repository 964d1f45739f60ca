/**
 * For specs of programs: marbles of tensors, a fake device with a clock of its own, and a watch for leaks.
 *
 * @module rxtensor/testing
 */
export type { KernelName } from '../kernels';
export { deviceMarbles, type DeviceMarbleOptions, type DeviceMarbles } from './device-marbles';
export { fakeDevice, type FakeDevice, type FakeDeviceOptions } from './fake-device';
export { expectNoLeak } from './leaks';
export {
  tensorMarbles,
  type MarbleOptions,
  type TensorExpectation,
  type TensorMarbles,
} from './tensor-marbles';
