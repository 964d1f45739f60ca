import type { TensorInfo } from '../backend';
import { createCpuBackend } from './create';

const backend = createCpuBackend('none')!;

describe('the update kernel', () => {
  it('may write over its inputs', () => {
    const place = (values: readonly number[]): TensorInfo => {
      const size = values.length;
      const storage = { size, handle: backend.allocate(size) };
      backend.write(storage.handle, Float32Array.from(values));
      return { shape: [values.length], dtype: 'float32', storage };
    };
    const read = ({ storage }: TensorInfo): number[] => [
      ...backend.readSync(storage.handle, storage.size, 'float32'),
    ];
    const value = place([1, 2, 3]);
    const gradient = place([0.5, -0.25, 2]);
    const velocity = place([1, 0, -1]);
    const attributes = { name: 'momentum', hyperparameters: [0.5, 0.5, 0] } as const;
    backend.run('update', [value, gradient, velocity], [value, velocity], attributes);
    expect(read(velocity)).toEqual([1, -0.25, 1.5]);
    expect(read(value)).toEqual([0.5, 2.125, 2.25]);
    backend.run('update', [value, gradient], [value], { name: 'sgd', hyperparameters: [2] });
    expect(read(value)).toEqual([-0.5, 2.625, -1.75]);
    for (const { storage } of [value, gradient, velocity]) backend.free(storage.handle);
  });
});
