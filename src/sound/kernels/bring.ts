import { bringKernel } from '../../kernels/webgl/bring-kernel';
import { cpuFourier } from './cpu-fourier';
import { webglFourier } from './webgl-fourier';

/** Brings the kernel of this entry to the backends. */
export const bringKernels = (): void => bringKernel('fourier', cpuFourier, webglFourier);
