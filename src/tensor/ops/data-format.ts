import { assertOneOf } from '../argument';
import type { Tensor } from '../tensor';
import type { Padding } from '../window-geometry';
import type { DataFormat } from './method-types';
import { reshape } from './reshape';
import { transpose } from './transpose';

/**
 * Runs `work` on x as an NHWC batch, and converts the result back to the form of x. A single image becomes a batch of one, and NCHW is
 * transposed.
 */
export function inNHWC(name: string, x: Tensor, dataFormat: DataFormat, work: (x: Tensor) => Tensor): Tensor {
  assertOneOf(name, 'dataFormat', dataFormat, ['NHWC', 'NCHW']);
  const batched = x.rank === 3 ? reshape(x, [1, ...x.shape]) : x;
  const result =
    dataFormat === 'NHWC' ? work(batched) : transpose(work(transpose(batched, [0, 2, 3, 1])), [0, 3, 1, 2]);
  return x.rank === 3 ? reshape(result, result.shape.slice(1)) : result;
}

/** Reorders explicit padding, which is given in the order of the data format, for NHWC. Other paddings stay as they are. */
export function paddingInNHWC(pad: Padding, dataFormat: DataFormat): Padding {
  return Array.isArray(pad) && pad.length === 4 && dataFormat === 'NCHW'
    ? [pad[0], pad[2], pad[3], pad[1]]
    : pad;
}
