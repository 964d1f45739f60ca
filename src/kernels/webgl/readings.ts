import type { TensorInfo } from '../backend';
import { mergeAxes, sizeOf, type Shape } from '../strides';
import type { TensorTexture, WebGLBackend } from './backend';
import { LANES } from './texture-layout';
import { laneTypeOf, type LaneType } from './textures';

/** A strided view of an input, in the shape of the output: a broadcast, transposed or sliced tensor. */
export interface View {
  readonly tensor: TensorInfo;
  /** The stride in the input, in elements, along each axis of the output. By default the input has the output's shape. */
  readonly strides?: readonly number[];
  /** The index in the input of the view's first element; 0 by default. */
  readonly offset?: number;
}

/**
 * How an input is read for a texel of the output: at the texel's own coordinates ('here'), its only value from the host ('value') or from
 * its texture ('only'), the texel of its column of the texture, of which a row holds the input once or several times ('across'), one value
 * for all lanes ('same'; 'down': one for each row of the texture), another whole texel ('texel'), four values in a row ('run') or back to
 * front ('back'), every second of two texels ('second'), or each lane alone ('free'). 'part': four values in a row, of a rectangle of x.
 */
export type Walk =
  | 'here'
  | 'value'
  | 'only'
  | 'across'
  | 'same'
  | 'down'
  | 'texel'
  | 'run'
  | 'part'
  | 'back'
  | 'second'
  | 'free';

/** How one input is read. */
export interface Reading {
  readonly name: string;
  readonly type: LaneType;
  walk: Walk;
  /** Where its numbers begin in the uniforms: a value from the host, rates, or its strides behind its offset and step. */
  start: number;
  /** The axes of the output along which its place changes; null where the place follows from the fragment's. */
  axes: readonly number[] | null;
  /** For 'part', the lane of a texel in which output texels begin; for 'across' and 'down', 1 if the input's texture has one row. */
  variant: number;
}

/** How all inputs are read. */
export interface Readings {
  readonly all: readonly Reading[];
  /** Those whose place is another than the output's. */
  readonly moving: readonly Reading[];
  /** The inputs that have textures. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** The number of the last of the merged axes. */
  readonly last: number;
  /** If the rows of the output's texture are those of the axes from here on, the others follow from a fragment's y; else 0. */
  readonly split: number;
  /** What the innermost axis is: whole texels, all of the output, or rows where a texel may lie in two, or in more of them. */
  readonly rows: 'even' | 'line' | 'odd' | 'short';
  /** Part of the program's key. */
  readonly key: string;
  /** The uniforms. */
  readonly scalars: Readonly<Record<LaneType, readonly number[]>>;
  readonly extents: readonly number[];
  readonly places: readonly number[];
  readonly rates: readonly number[];
}

/** Chooses how each input is read. @param contiguous the strides of the output */
export function readingsOf(
  backend: WebGLBackend,
  views: Readonly<Record<string, View>>,
  output: TensorInfo,
  contiguous: readonly number[],
): Readings {
  const scalars: Record<LaneType, number[]> = { float: [], int: [] };
  const inputs: Record<string, TensorInfo> = {};
  const all: Reading[] = [];
  const moving: Reading[] = [];
  const movingViews: View[] = [];
  for (const name in views) {
    const view = views[name]!;
    const { tensor } = view;
    const { scalar } = tensor.handle as TensorTexture;
    const type = laneTypeOf(tensor.dtype);
    const reading: Reading = { name, type, walk: 'value', start: 0, axes: null, variant: 0 };
    all.push(reading);
    // Among scalars, values from the host and computed ones take turns (a flag, a count): one program serves both.
    if (scalar !== null && output.size > 1) {
      reading.start = scalars[type].push(scalar) - 1;
      continue;
    }
    // eslint-disable-next-line rxtensor/own-properties -- kernels name their inputs
    inputs[name] = tensor;
    if (isWhole(view, output.shape, contiguous)) reading.walk = 'here';
    else if (tensor.size === 1) reading.walk = 'only';
    else {
      moving.push(reading);
      movingViews.push(view);
    }
  }
  const nest = mergeAxes(
    output.shape,
    movingViews.map(({ strides }) => strides!),
  );
  const { shape } = nest;
  const last = shape.length - 1;
  const even = shape[last]! % LANES === 0;
  const { layout } = backend.textureOf(output);
  let split = moving.length > 0 ? last : 0;
  for (let row = shape[split]!; split > 0 && row < layout.width * LANES;) row *= shape[--split]!;
  if (sizeOf(shape.slice(split)) !== layout.width * LANES) split = 0;
  const unit = even ? LANES : 1;
  const places: number[] = [];
  const rates: number[] = [];
  moving.forEach((reading, m) => {
    const { tensor, offset = 0 } = movingViews[m]!;
    const strides = nest.strides[m]!;
    const step = strides[last]!;
    const texels = tensor.size / LANES;
    const axes = strides.flatMap((stride, axis) => (stride === 0 ? [] : [axis]));
    const [first] = axes as [number];
    const isAcross = first === last && layout.width % texels === 0;
    const own = backend.textureOf(tensor).layout;
    const isPlain = even && own.layers === 1;
    const isByRow = split === 1 && layout.layers === 1;
    // Its elements are those of one axis, in their order: the place follows from that of the fragment, without whole numbers.
    const isLine = axes.length === 1 && strides[first] === 1 && tensor.size === shape[first];
    if (isPlain && isLine && (isAcross || (first === 0 && isByRow))) {
      reading.walk = isAcross ? 'across' : 'down';
      reading.variant = Number(own.height === 1);
      reading.start =
        rates.push((isAcross ? texels : layout.height / LANES) / own.width, layout.width / texels) - 2;
      return;
    }
    // Whether all output texels begin in the same lane of a texel of the input.
    const aligned = even && strides.every((stride, axis) => axis === last || stride % LANES === 0);
    const lane = offset % LANES;
    const [row] = strides as [number];
    const column = offset % row;
    // A rectangle of the input's texture lies in the output's, at the same distance everywhere.
    const isWide = row === own.width * LANES && column + shape[1]! <= row;
    if (isPlain && isByRow && last === 1 && aligned && step === 1 && isWide) {
      reading.walk = 'part';
      reading.variant = lane;
      reading.start = rates.push(Math.floor(column / LANES), Math.floor(offset / row)) - 2;
      return;
    }
    reading.axes = axes;
    reading.walk = walkOf(step, aligned, lane);
    reading.start = places.push(offset, step, ...strides.slice(0, -1), step * unit) - strides.length;
  });
  const crosses = shape.length > 1 && moving.length > 0;
  const rows = even ? 'even' : !crosses ? 'line' : shape[last]! < LANES ? 'short' : 'odd';
  let key = '';
  for (const { walk, axes, variant } of all) key += `${walk}${axes?.join('') ?? variant},`;
  key += `${last} ${split} ${rows}`;
  const extents = moving.length > 0 ? [...shape.slice(0, -1), shape[last]! / unit] : [];
  return { all, moving, inputs, last, split, rows, key, scalars, extents, places, rates };
}

/** @param step the stride along the innermost axis @param lane that of the first element */
function walkOf(step: number, aligned: boolean, lane: number): Walk {
  if (step === 0) return 'same';
  if (step === 1) return aligned && lane === 0 ? 'texel' : 'run';
  if (step === -1) return 'back';
  return step === 2 && aligned && lane < 2 ? 'second' : 'free';
}

/** Whether a view has the output's elements in the output's order. */
function isWhole(
  { tensor, strides, offset = 0 }: View,
  target: Shape,
  contiguous: readonly number[],
): boolean {
  return (
    !strides ||
    (offset === 0 &&
      tensor.size === sizeOf(target) &&
      strides.every((stride, axis) => target[axis] === 1 || stride === contiguous[axis]))
  );
}
