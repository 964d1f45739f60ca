import type { TensorInfo } from '../backend';
import { broadcastStrides, mergeAxes, sizeOf, stridesOf, type Shape } from '../strides';
import type { TensorTexture, WebGLBackend } from './backend';
import { draw } from './draw';
import { alongOf, lanes, list, partOf, runOf, secondOf, unravel } from './glsl';
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

interface Pointwise {
  readonly program: string;
  readonly inputs: Readonly<Record<string, View>>;
  readonly output: TensorInfo;
  /** GLSL functions that the expression calls. */
  readonly functions?: string;
  /** The value of an output element, as a scalar GLSL expression in the names of the inputs. */
  readonly expression: string;
  /** Numbers for the expression, as `parameter0`, `parameter1`, …, of one of the types. */
  readonly ints?: readonly number[];
  readonly floats?: readonly number[];
}

/**
 * How an input is read for a texel of the output: at the texel's own coordinates ('here'), its only value from the host ('value') or from
 * its texture ('only'), the texel of its column of the texture, of which a row holds the input once or several times ('across'), one value
 * for all lanes ('same'; 'down': one for each row of the texture), another whole texel ('texel'), four values in a row ('run') or back to
 * front ('back'), every second of two texels ('second'), or each lane alone ('free'). 'part': four values in a row, of a rectangle of x.
 */
type Walk =
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

/** The view of an operand that is broadcast to the output. */
export function broadcastView(tensor: TensorInfo, output: TensorInfo): View {
  return tensor.size === output.size
    ? { tensor }
    : { tensor, strides: broadcastStrides(tensor.shape, output.shape) };
}

/** Computes each element of the output from the elements with the same index in the views of the inputs. */
export function pointwise(backend: WebGLBackend, call: Pointwise): void {
  const { output } = call;
  if (output.size === 0) return;
  const contiguous = stridesOf(output.shape);
  const scalars: Record<LaneType, number[]> = { float: [], int: [] };
  const names: string[] = [];
  const views: View[] = [];
  const inputs: Record<string, TensorInfo> = {};
  const moving: number[] = [];
  // Where in the uniforms an input's value from the host, or its offset and strides, begin.
  const starts: number[] = [];
  const fixed: (Walk | null)[] = [];
  for (const name in call.inputs) {
    const view = call.inputs[name]!;
    const k = names.push(name) - 1;
    views.push(view);
    const { tensor } = view;
    const { scalar } = tensor.handle as TensorTexture;
    // Among scalars, values from the host and computed ones take turns (a flag, a count): one program serves both.
    if (scalar !== null && output.size > 1) {
      starts[k] = scalars[laneTypeOf(tensor.dtype)].push(scalar) - 1;
      fixed.push('value');
      continue;
    }
    // eslint-disable-next-line rxtensor/own-properties -- kernels name their inputs
    inputs[name] = tensor;
    const isFixed = isWhole(view, output.shape, contiguous) ? 'here' : tensor.size === 1 ? 'only' : null;
    if (!isFixed) moving.push(k);
    fixed.push(isFixed);
  }
  const nest = mergeAxes(
    output.shape,
    moving.map((k) => views[k]!.strides!),
  );
  const { shape } = nest;
  const last = shape.length - 1;
  const even = shape[last]! % LANES === 0;
  // If the rows of the output's texture are those of the axes from `split` on, the others follow from a fragment's y.
  const { width, height, layers } = backend.textureOf(output).layout;
  let split = moving.length > 0 ? last : 0;
  for (let row = shape[split]!; split > 0 && row < width * LANES;) row *= shape[--split]!;
  if (sizeOf(shape.slice(split)) !== width * LANES) split = 0;
  const unit = even ? LANES : 1;
  const walks = fixed.slice();
  const axesOf: (number[] | undefined)[] = [];
  const places: number[] = [];
  const rates: number[] = [];
  const isFlat: boolean[] = [];
  const laneOf: number[] = [];
  moving.forEach((k, m) => {
    const strides = nest.strides[m]!;
    const offset = views[k]!.offset ?? 0;
    const step = strides[last]!;
    // Whether all output texels begin in the same lane of a texel of the input.
    const aligned = even && strides.every((stride, axis) => axis === last || stride % LANES === 0);
    const { tensor } = views[k]!;
    const texels = tensor.size / LANES;
    const axes = strides.flatMap((stride, axis) => (stride === 0 ? [] : [axis]));
    const [first] = axes as [number];
    const isAcross = first === last && width % texels === 0;
    // Its elements are those of one axis, in their order: the place follows from that of the fragment, without whole numbers.
    if (
      even &&
      axes.length === 1 &&
      strides[first] === 1 &&
      tensor.size === shape[first] &&
      (isAcross || (first === 0 && split === 1 && layers === 1))
    ) {
      const { layout } = backend.textureOf(tensor);
      if (layout.layers === 1) {
        walks[k] = isAcross ? 'across' : 'down';
        isFlat[k] = layout.height === 1;
        starts[k] = rates.push((isAcross ? texels : height / LANES) / layout.width, width / texels) - 2;
        return;
      }
    }
    // A rectangle of the input's texture lies in the output's, at the same distance everywhere.
    if (aligned && step === 1 && last === 1 && split === 1 && layers === 1) {
      const { layout } = backend.textureOf(tensor);
      const [row] = strides as [number];
      const column = offset % row;
      if (layout.layers === 1 && row === layout.width * LANES && column + shape[1]! <= row) {
        walks[k] = 'part';
        laneOf[k] = offset % LANES;
        starts[k] = rates.push(Math.floor(column / LANES), Math.floor(offset / row)) - 2;
        return;
      }
    }
    axesOf[k] = axes;
    walks[k] =
      step === 0
        ? 'same'
        : step === 1
          ? aligned && offset % LANES === 0
            ? 'texel'
            : 'run'
          : step === -1
            ? 'back'
            : step === 2 && aligned && offset % LANES < 2
              ? 'second'
              : 'free';
    starts[k] = places.push(offset, step, ...strides.slice(0, -1), step * unit) - strides.length;
  });
  const placed = moving.filter((k) => axesOf[k]);
  // Lanes of an output texel may lie in different rows.
  const crosses = !even && shape.length > 1 && moving.length > 0;
  const short = crosses && shape[last]! < LANES;
  let way = '';
  for (let k = 0; k < walks.length; k++)
    way += `${walks[k]!}${axesOf[k]?.join('') ?? (isFlat[k] ? 'f' : '')}${laneOf[k] ?? ''},`;
  draw(backend, {
    program: `${call.program} ${way} ${last} ${split}${even ? '' : crosses ? (short ? ' short' : ' odd') : ' line'}`,
    inputs,
    outputs: [output],
    form: 'texel',
    ints: {
      parameter: call.ints ?? [],
      whole: scalars.int,
      s: moving.length > 0 ? shape.map((extent, axis) => (axis === last ? extent / unit : extent)) : [],
      place: places,
    },
    floats: { parameter: call.floats ?? [], real: scalars.float, rate: rates },
    source: () => {
      const place = (k: number): string =>
        [`place${starts[k]! - 2}`, ...axesOf[k]!.map((axis) => `c${axis} * place${starts[k]! + axis}`)].join(
          ' + ',
        );
      const types = views.map(({ tensor }) => laneTypeOf(tensor.dtype));
      const vectors = types.map((type) => (type === 'float' ? 'vec4' : 'ivec4'));
      const ofTexel: Record<Walk, (name: string, vector: string, start: number) => string> = {
        here: (name) => `${name}_here()`,
        value: (_, vector, start) => `${vector}(${vector === 'vec4' ? 'real' : 'whole'}${start})`,
        only: (name, vector) => `${vector}(texelFetch(${name}_texture, ivec3(0), 0).x)`,
        across: (name, _, start) => `${name}_along(fract(centre.x * rate${start + 1}) * rate${start})`,
        same: (name, vector) => `${vector}(${name}_at(${name}_place))`,
        down: (name, vector, start) =>
          `${vector}(${name}_lane(${name}_along(centre.y * rate${start}), int(gl_FragCoord.y)))`,
        texel: (name) => `${name}_texel(${name}_place >> 2)`,
        part: (name, _, start) => `${name}_part(gl_FragCoord.xy + vec2(rate${start}, rate${start + 1}))`,
        run: (name) => `${name}_run(${name}_place)`,
        back: (name) => `${name}_run(${name}_place - 3).wzyx`,
        second: (name) => `${name}_second(${name}_place)`,
        free: (name, vector, start) =>
          `${vector}(${list(LANES, (lane) => `${name}_at(${name}_place + ${lane} * place${start - 1})`, ', ')})`,
      };
      const functionOf = (k: number): string => {
        const [name, walk] = [names[k]!, walks[k]!];
        if (walk === 'across' || walk === 'down') return alongOf(name, isFlat[k]!);
        if (walk === 'part') return partOf(name, laneOf[k]!);
        return walk === 'second' ? secondOf(name) : walk === 'run' || walk === 'back' ? runOf(name) : '';
      };
      const assign = (k: number): string =>
        `${names[k]!}_0 = ${ofTexel[walks[k]!](names[k]!, vectors[k]!, starts[k]!)};`;
      const assignMoving = moving.map(assign).join(' ');
      const advance = `c${last}++; ${list(last, (n) => `if (c${last - n} == s${last - n}) { c${last - n} = 0; c${last - n - 1}++;`, ' ')} ${'}'.repeat(last)}`;
      const laneByLane = (): string =>
        list(LANES, (lane) =>
          [
            ...moving.map((k) => `${names[k]!}_0[${lane}] = ${names[k]!}_at(${place(k)});`),
            lane < 3 ? advance : '',
          ].join(' '),
        );
      return `${call.functions ?? ''}
        ${laneTypeOf(output.dtype)} f(${names.map((name, k) => `${types[k]!} ${name}`).join(', ')}) { return ${call.expression}; }
        ${list(names.length, (k) => (short ? '' : functionOf(k)))}
        unit result(int t) {
          ${names.map((name, k) => `${vectors[k]!} ${name}_0;`).join(' ')}
          ${
            moving.length === 0
              ? ''
              : `${split > 0 ? `${unravel(split, 'line_of(here_layer)')} int i = int(gl_FragCoord.x)` : 'int i = t'}${even ? '' : ' * 4'};
          ${unravel(last + 1, 'i', split)}
          ${short ? '' : placed.map((k) => `int ${names[k]!}_place = ${place(k)};`).join(' ')}
          ${!crosses ? assignMoving : short ? laneByLane() : `if (c${last} + 3 < s${last}) { ${assignMoving} } else { ${laneByLane()} }`}`
          }
          ${list(names.length, (k) => (fixed[k] ? assign(k) : ''), ' ')}
          return ${lanes('unit', (c) => `f(${names.map((name) => `${name}_0.${c}`).join(', ')})`)};
        }`;
    },
  });
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
