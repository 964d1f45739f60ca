/** Resize and Upsample: each axis alone, by the nearest element or by weights of several. Images come with their channels last. */
import { sizeOf } from '../../../kernels';
import * as dl from '../../../tensor';
import type { Tensor } from '../../../tensor';
import type { NodeCall, OpTable } from '../row';
import { axisFrom, opsetOf, optionalNumbers } from './call';

/** How one axis is resized. */
interface Axis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  /** The part of the axis that is resized, as fractions, for `tf_crop_and_resize`. */
  readonly part: readonly [number, number];
}

type Coordinate = (i: number, axis: Axis) => number;

/** Places are float32, as in ONNX Runtime: where one lies between two elements, the last bit decides which is nearest. */
const float = Math.fround;

const halfPixel: Coordinate = (i, { scale }) => float(float((i + 0.5) / scale) - 0.5);

/** Where element i of the result lies in the original (ONNX, Resize, coordinate_transformation_mode). */
const coordinates: Readonly<Record<string, Coordinate>> = {
  half_pixel: halfPixel,
  pytorch_half_pixel: (i, axis) => (axis.to > 1 ? halfPixel(i, axis) : 0),
  half_pixel_symmetric: (i, axis) => {
    const adjusted = float(axis.to / float(axis.scale * axis.from));
    const offset = float((axis.from / 2) * float(1 - adjusted));
    return float(float(offset + float((i + 0.5) / axis.scale)) - 0.5);
  },
  align_corners: (i, { from, to }) => (to > 1 ? (i * (from - 1)) / (to - 1) : 0),
  asymmetric: (i, { scale }) => float(i / scale),
  tf_half_pixel_for_nn: (i, { scale }) => float((i + 0.5) / scale),
  tf_crop_and_resize: (i, { from, to, part: [start, end] }) =>
    to > 1
      ? start * (from - 1) + (i * (end - start) * (from - 1)) / (to - 1)
      : 0.5 * (start + end) * (from - 1),
};

const roundings: Readonly<Record<string, (at: number) => number>> = {
  round_prefer_floor: (at) => Math.ceil(at - 0.5),
  round_prefer_ceil: (at) => Math.floor(at + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** The weight of an element at a distance from the place that is sampled. */
const kernels: Readonly<Record<string, { radius: number; weight: (d: number, a: number) => number }>> = {
  linear: { radius: 1, weight: (d) => Math.max(0, 1 - d) },
  // Keys 1981.
  cubic: {
    radius: 2,
    weight: (d, a) => {
      if (d >= 2) return 0;
      return d < 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
    },
  },
};

function entry<T>(table: Readonly<Record<string, T>>, name: string, key: string): T {
  if (Object.hasOwn(table, key)) return table[key]!;
  throw new Error(`attribute '${name}' is '${key}'; wanted ${Object.keys(table).join(', ')}`);
}

/** A matrix [to, from] that resizes an axis. */
function weightsOf(axis: Axis, at: Coordinate, mode: string, { attributes }: NodeCall): Float32Array {
  const { radius, weight } = entry(kernels, 'mode', mode);
  const a = attributes.number('cubic_coeff_a', -0.75);
  const isBounded = attributes.number('exclude_outside', 0) !== 0;
  // A smaller picture is made of wider averages if `antialias` is set.
  const narrow = attributes.number('antialias', 0) !== 0 ? Math.min(1, axis.scale) : 1;
  const matrix = new Float32Array(axis.to * axis.from);
  for (let i = 0; i < axis.to; i++) {
    const place = at(i, axis);
    const reach = radius / narrow;
    const row = matrix.subarray(i * axis.from, (i + 1) * axis.from);
    let sum = 0;
    const add = (k: number): void => {
      const isInside = k >= 0 && k < axis.from;
      if (!isInside && (isBounded || narrow < 1)) return;
      const share = weight(Math.abs(place - k) * narrow, a);
      // Outside, the element at the border counts.
      row[Math.min(Math.max(k, 0), axis.from - 1)]! += share;
      sum += share;
    };
    const first = Math.floor(place - reach) + 1;
    for (let k = first; k < place + reach; k++) add(k);
    if (sum !== 0) for (let k = 0; k < axis.from; k++) row[k]! /= sum;
  }
  return matrix;
}

/** x · matrixᵀ along an axis. */
function weighted(x: Tensor, axis: number, matrix: Tensor): Tensor {
  const before = sizeOf(x.shape.slice(0, axis));
  const behind = sizeOf(x.shape.slice(axis + 1));
  const parts = dl.reshape(x, [before, x.shape[axis]!, behind]);
  const shape = x.shape.map((extent, i) => (i === axis ? matrix.shape[0]! : extent));
  return dl.reshape(dl.matMul(matrix, parts), shape);
}

/** The sizes and scales of all axes of x, in the order of the file. */
function axesOf(call: NodeCall): Axis[] {
  const { x, attributes } = call;
  const { shape, rank } = x[0]!;
  const inFile = shape.map((_, axis) =>
    axis === 0 ? shape[0]! : axis === 1 ? shape[rank - 1]! : shape[axis - 1]!,
  );
  const isNew = opsetOf(call) >= 11;
  const scales = isNew
    ? optionalNumbers(call, 2)
    : attributes.numbers('scales').length > 0
      ? attributes.numbers('scales')
      : optionalNumbers(call, 1);
  const sizes = isNew ? optionalNumbers(call, 3) : [];
  const roi = isNew ? optionalNumbers(call, 1) : [];
  const listed = attributes.numbers('axes').map((axis) => axisFrom(axis, rank));
  const axes = listed.length > 0 ? listed : inFile.map((_, axis) => axis);
  const isCropped = attributes.text('coordinate_transformation_mode', '') === 'tf_crop_and_resize';
  const policy = attributes.text('keep_aspect_ratio_policy', 'stretch');
  const ratios = axes.map((axis, i) => (sizes[i] ?? inFile[axis]!) / inFile[axis]!);
  const common =
    policy === 'stretch' ? null : policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  return inFile.map((from, axis) => {
    const i = axes.indexOf(axis);
    const half = roi.length / 2;
    const part = [roi[i] ?? 0, roi[half + i] ?? 1] as const;
    if (i < 0) return { from, to: from, scale: 1, part: [0, 1] };
    if (sizes.length > 0 && common !== null)
      return { from, to: Math.floor(common * from + 0.5), scale: common, part };
    if (sizes.length > 0) return { from, to: sizes[i]!, scale: float(sizes[i]! / from), part };
    const scale = scales[i] ?? 1;
    const share = isCropped ? part[1] - part[0] : 1;
    return { from, to: Math.floor(from * share * scale), scale, part };
  });
}

function resized(call: NodeCall): Tensor {
  const { attributes } = call;
  const [x] = call.x as [Tensor];
  const isOld = opsetOf(call) < 11;
  const mode = attributes.text('mode', 'nearest').replace('bilinear', 'linear');
  const named = attributes.text('coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel');
  const rounding = attributes.text('nearest_mode', isOld ? 'floor' : 'round_prefer_floor');
  const at = entry(coordinates, 'coordinate_transformation_mode', named);
  const round = entry(roundings, 'nearest_mode', rounding);
  const outside = attributes.number('extrapolation_value', 0);
  const axes = axesOf(call);
  const [batch, channels, ...space] = axes as [Axis, Axis, ...Axis[]];
  if (batch.to !== batch.from || channels.to !== channels.from)
    throw new Error('it resizes the batch or the channels; wanted the other axes');
  const isExact = space.every(({ from, to, scale }) => to === float(from * scale));
  if (isExact && space.length === 2 && outside === 0) {
    const size: [number, number] = [space[0]!.to, space[1]!.to];
    if (mode === 'nearest' && named === 'asymmetric' && rounding === 'floor')
      return dl.image.resizeNearestNeighbor(x, size);
    const isPlain = attributes.number('antialias', 0) === 0 && attributes.number('exclude_outside', 0) === 0;
    if (mode === 'linear' && isPlain && ['half_pixel', 'asymmetric', 'align_corners'].includes(named))
      return dl.image.resizeBilinear(x, size, named === 'align_corners', named === 'half_pixel');
  }
  return space.reduce((y, axis, i) => {
    const place = i + 1;
    const isSame = axis.to === axis.from && axis.scale === 1 && named !== 'tf_crop_and_resize';
    if (isSame || (axis.from === 1 && axis.to === 1)) return y;
    const all = Array.from({ length: axis.to }, (_, k) => at(k, axis));
    const resizedAxis =
      mode === 'nearest'
        ? dl.gather(
            y,
            dl.tensor1d(all.map((where) => Math.min(Math.max(round(where), 0), axis.from - 1)), 'int32'),
            place,
          )
        : weighted(
            dl.cast(y, 'float32'),
            place,
            dl.tensor2d(weightsOf(axis, at, mode, call), [axis.to, axis.from]),
          );
    if (named !== 'tf_crop_and_resize') return resizedAxis;
    const isInside = all.map((where) => where >= 0 && where <= axis.from - 1);
    const shape = y.shape.map((_, k) => (k === place ? axis.to : 1));
    return dl.where(dl.tensor(isInside, shape, 'bool'), resizedAxis, dl.scalar(outside, resizedAxis.dtype));
  }, x);
} // prettier-ignore

export const resizing = (): OpTable => ({
  Resize: { run: resized, host: [1, 2, 3] },
  Upsample: { run: resized, host: [1] },
});
