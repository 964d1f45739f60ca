import { firstValueFrom, timer, type SchedulerLike } from 'rxjs';
import { backend } from '../../src/tensor/backend';
import { READ_TIME } from './timing';

/** Lets reads of the device in use take virtual time, and its marks none; gives what puts it back. */
export function slowReads(scheduler: SchedulerLike): () => void {
  const device = backend();
  const read: typeof device.read = async (handle, size, dtype) => {
    const values = device.readSync!(handle, size, dtype).slice();
    await firstValueFrom(timer(READ_TIME, scheduler));
    return values;
  };
  const before = ['read', 'mark'].map(
    (name) => [name, Object.getOwnPropertyDescriptor(device, name)] as const,
  );
  Object.defineProperty(device, 'read', { configurable: true, value: read });
  Object.defineProperty(device, 'mark', { configurable: true, value: () => Promise.resolve() });
  return () => {
    for (const [name, descriptor] of before) {
      Reflect.deleteProperty(device, name);
      if (descriptor) Object.defineProperty(device, name, descriptor);
    }
  };
}
