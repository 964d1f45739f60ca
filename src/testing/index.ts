/**
 * `rxtensor/testing`: marbles of tensors, a leak guard and a device to test with.
 *
 * @packageDocumentation
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
