import type { Kernel } from '../backend';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { unitFor } from './unit';
import { overWindowsAround, unravelImage, windowUniforms } from './window';

export const averagePoolGradient: Kernel<WebGLBackend, 'averagePoolGradient'> = (
  backend,
  [dy],
  [dx],
  { geometry },
) => {
  const unit = unitFor(geometry.inChannels);
  draw(backend, {
    program: 'averagePoolGradient',
    inputs: { dy: dy! },
    outputs: [dx!],
    form: unit.form,
    ints: windowUniforms(geometry, unit.size),
    source: () => `
      /* How many of a window's elements lie inside the image, along one axis. */
      int inside(int start, int dilation, int count, int extent) {
        int first = start < 0 ? (dilation - 1 - start) / dilation : 0;
        int end = start >= extent ? 0 : (extent - start + dilation - 1) / dilation;
        return min(end, count) - first;
      }
      unit result(int i) {
        ${unravelImage('in')}
        unit sum = unit(0.0);
        ${overWindowsAround(`
          int height = inside(out_y * stride_height - pad_top, dilation_height, filter_height, in_height);
          int width = inside(out_x * stride_width - pad_left, dilation_width, filter_width, in_width);
          sum += dy_unit(at) / float(height * width);`)}
        return sum;
      }`,
  });
};
