import type { Kernel } from '../kernel-table';
import { paintedBytes, samplePicture } from '../picture';
import { canvasWith } from '../scratch-canvas';
import { valuesOf, type CpuBackend } from './backend';

export const fromPixels: Kernel<CpuBackend, 'fromPixels'> = (backend, _inputs, [x], attributes) => {
  samplePicture(valuesOf(backend, x!), x!.shape as [number, number, number], attributes);
};

export const paint: Kernel<CpuBackend, 'paint'> = (backend, [image], _outputs, { map, show }) => {
  const greatest = image!.dtype === 'float32' ? 1 : 255;
  show(canvasWith(paintedBytes(valuesOf(backend, image!), image!.shape, greatest, map)));
};
