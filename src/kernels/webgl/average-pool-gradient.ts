import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { blockedSum, LONGEST_PLAIN_SUM } from './blocked-sum';
import { draw } from './draw';
import { unitFor } from './unit';
import {
  windowsAround,
  windowsKey,
  overWindowsAround,
  TAPS_INSIDE,
  unravelImage,
  windowUniforms,
} from './window';

export const averagePoolGradient: Kernel<WebGLBackend, 'averagePoolGradient'> = (
  backend,
  [dy],
  [dx],
  { geometry },
) => {
  const unit = unitFor(geometry.inChannels);
  const inBlocks = blockedSum(
    ['sum'],
    'unit',
    windowsAround(geometry),
    LONGEST_PLAIN_SUM,
    geometry.filterHeight,
  );
  draw(backend, {
    program: `averagePoolGradient${windowsKey(geometry)}${inBlocks.key}`,
    inputs: { dy: dy! },
    outputs: [dx!],
    form: unit.form,
    ints: windowUniforms(geometry, unit.size),
    source: () => `
      ${TAPS_INSIDE}
      ${inBlocks.functions}
      unit result(int i) {
        ${unravelImage('in')}
        unit sum = unit(0.0);
        ${inBlocks.declare}
        ${overWindowsAround(
          geometry,
          `int window_y = out_y * stride_height - pad_top, window_x = out_x * stride_width - pad_left;
          int height = end_tap_y(window_y) - first_tap_y(window_y), width = end_tap_x(window_x) - first_tap_x(window_x);
          sum += dy_unit(at) / float(height * width);`,
          inBlocks,
        )}
        ${inBlocks.finish}
        return sum;
      }`,
  });
};
