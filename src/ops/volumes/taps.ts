/** A filter of volumes as filters of images, one for each plane of its depth. */
import { addN, broadcastTo, pad, reshape, slice, stridedSlice, sum, zeros } from '../../tensor/ops';
import type { Tensor } from '../../tensor/tensor';
import type { VolumeWindows } from './window';

/** A plane of the filter, and the planes of a volume that it meets. Planes of the padding do not count, so that they add nothing, whatever the filter has. */
export interface Tap {
  /** The plane of the filter. */
  readonly plane: number;
  /** The first plane of the volume that it meets; the others follow at the distance of the stride. */
  readonly first: number;
  readonly count: number;
  /** The plane of the result to which the first one belongs. */
  readonly place: number;
}

/** The taps of a filter along the depth. Planes of the filter that meet only the padding have no tap. */
export function tapsOf(depth: number, { filter, strides, dilations, pads, extents }: VolumeWindows): Tap[] {
  const [stride] = strides;
  return Array.from({ length: filter[0] }, (_, plane): Tap => {
    const offset = plane * dilations[0] - pads[0][0];
    const place = Math.max(0, Math.ceil(-offset / stride));
    const last = Math.min(extents[0] - 1, Math.floor((depth - 1 - offset) / stride));
    return { plane, first: place * stride + offset, count: Math.max(0, last - place + 1), place };
  }).filter(({ count }) => count > 0);
}

/** [batch, depth, rows, columns, channels] as images. */
export const asImages = (x: Tensor): Tensor => {
  const [batch, depth, ...image] = x.shape as [number, number, ...number[]];
  return reshape(x, [batch * depth, ...image]);
};

/** Images as volumes of `depth` planes. */
export const asVolumes = (images: Tensor, batch: number, depth: number): Tensor =>
  reshape(images, [batch, depth, ...images.shape.slice(1)]);

/** A plane of a filter. */
export function filterPlane(filter: Tensor, plane: number): Tensor {
  const image = filter.shape.slice(1);
  return reshape(slice(filter, [plane, 0, 0, 0, 0], [1, ...image]), image);
}

/** `count` planes of a volume from `first` on, `stride` apart. */
export function planesOf(x: Tensor, first: number, count: number, stride: number): Tensor {
  const [batch, depth, ...image] = x.shape as [number, number, ...number[]];
  if (count === depth) return x;
  if (stride === 1 || count === 1) return slice(x, [0, first, 0, 0, 0], [batch, count, ...image]);
  const end = first + (count - 1) * stride + 1;
  return stridedSlice(x, [0, first, 0, 0, 0], [batch, end, ...image], [1, stride, 1, 1, 1]);
}

/** The adjoint of {@link planesOf}: planes in a volume of `depth`, the others zeros. */
export function planesPut(planes: Tensor, first: number, depth: number, stride: number): Tensor {
  const [batch, count, ...image] = planes.shape as [number, number, ...number[]];
  if (count === depth) return planes;
  // Each plane with the zeros that follow it, the last one alone.
  let spread = planes;
  let length = count;
  if (stride > 1 && count > 1) {
    const each = reshape(planes, [batch * count, 1, ...image]);
    length = (count - 1) * stride + 1;
    const whole = reshape(pad(each, along([0, stride - 1])), [batch, count * stride, ...image]);
    spread = slice(whole, [0, 0, 0, 0, 0], [batch, length, ...image]);
  }
  return pad(spread, along([first, depth - first - length]));
}

/** Padding of the second of five axes. */
const along = (pair: [number, number]): [number, number][] => [[0, 0], pair, [0, 0], [0, 0], [0, 0]];

/** The sum of what the taps give. Where there is none, zeros that still depend on the operands, so that these have a gradient: zeros, too. */
export function sumOf(
  parts: readonly Tensor[],
  shape: readonly number[],
  operands: readonly Tensor[],
): Tensor {
  if (parts.length > 0) return parts.length === 1 ? parts[0]! : addN([...parts]);
  const sumOfNone = (x: Tensor): Tensor => sum(slice(x, [0, 0, 0, 0, 0], [0, ...x.shape.slice(1)]));
  return addN([zeros([...shape]), ...operands.map((x) => broadcastTo(sumOfNone(x), [...shape]))]);
}
