import type { TensorInfo } from '../backend';
import { mergeAxes, sizeOf, stridesOf, type Shape } from '../strides';
import type { WebGLBackend } from './backend';
import { draw, type DrawCall } from './draw';
import { lanes, list, unravel } from './glsl';
import { LANES } from './texture-layout';
import { laneTypeOf } from './textures';

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
  readonly ints?: DrawCall['ints'];
  readonly floats?: DrawCall['floats'];
}

/**
 * How an input is read for a texel or element of the output: at its own coordinates ('here'), one value for the whole texel ('same'),
 * another whole texel ('step'), or one element ('free').
 */
type Walk = 'here' | 'same' | 'step' | 'free';

/** Computes each element of the output from the elements with the same index in the views of the inputs. */
export function pointwise(backend: WebGLBackend, call: Pointwise): void {
  const { output } = call;
  const names = Object.keys(call.inputs);
  const views = Object.values(call.inputs);
  const strided = views.map((view) => walkOf(view, output.shape));
  const shared = {
    inputs: Object.fromEntries(names.map((name, k) => [name, views[k]!.tensor])),
    outputs: [output],
    floats: call.floats,
  };
  const functions = `${call.functions ?? ''}
    ${laneTypeOf(output.dtype)} f(${names.map((name, k) => `${laneTypeOf(views[k]!.tensor.dtype)} ${name}`).join(', ')}) {
      return ${call.expression};
    }`;

  if (strided.every((strides) => strides === 'here')) {
    draw(backend, {
      ...shared,
      program: `${call.program} here`,
      form: 'texel',
      ints: call.ints,
      source: () => `${functions}
        unit result(int t) {
          ${names.map((name) => `${name}_type ${name}_0 = ${name}_here();`).join(' ')}
          return ${lanes('unit', (c) => `f(${names.map((name) => `${name}_0.${c}`).join(', ')})`)};
        }`,
    });
    return;
  }

  const contiguous = stridesOf(output.shape);
  const nest = mergeAxes(
    output.shape,
    strided.map((strides) => (strides === 'here' ? contiguous : strides)),
  );
  const rank = nest.shape.length;
  const byTexel =
    nest.shape[rank - 1]! % LANES === 0 && views.every((view, k) => fitsTexels(view, nest.strides[k]!));
  const walks = views.map((_, k): Walk => {
    if (strided[k] === 'here') return 'here';
    return byTexel ? (nest.strides[k]![rank - 1] === 1 ? 'step' : 'same') : 'free';
  });
  draw(backend, {
    ...shared,
    program: `${call.program} ${byTexel ? 'texel' : 'element'} ${rank} ${walks.join()}`,
    form: byTexel ? 'texel' : 'element',
    ints: {
      ...call.ints,
      s: nest.shape,
      ...Object.fromEntries(names.map((name, k) => [`${name}_stride`, nest.strides[k]!])),
      ...Object.fromEntries(names.map((name, k) => [`${name}_offset`, views[k]!.offset ?? 0])),
    },
    source: () => {
      const position = (name: string): string =>
        `${name}_offset + ${list(rank, (axis) => `c${axis} * ${name}_stride${axis}`, ' + ')}`;
      const reads: Record<Walk, (name: string) => string> = {
        here: (name) => (byTexel ? `${name}_here()` : `${name}_at(at)`),
        same: (name) => `${name}_type(${name}_at(${position(name)}))`,
        step: (name) => `${name}_texel((${position(name)}) >> 2)`,
        free: (name) => `${name}_at(${position(name)})`,
      };
      const argument = (c: string): string => names.map((name) => `${name}_0${c}`).join(', ');
      return `${functions}
        unit result(int at) {
          int i = ${byTexel ? 'at * 4' : 'at'};
          ${unravel(rank)}
          ${names.map((name, k) => `${name}_type ${name}_0 = ${reads[walks[k]!](name)};`).join(' ')}
          return ${byTexel ? lanes('unit', (c) => `f(${argument(`.${c}`)})`) : `f(${argument('')})`};
        }`;
    },
  });
}

/** The strides of a view; 'here' if it has the output's elements in the output's order. */
function walkOf({ tensor, strides, offset = 0 }: View, target: Shape): readonly number[] | 'here' {
  if (!strides) return 'here';
  const contiguous = stridesOf(target);
  const whole =
    offset === 0 &&
    tensor.size === sizeOf(target) &&
    strides.every((stride, axis) => target[axis] === 1 || stride === contiguous[axis]);
  return whole ? 'here' : strides;
}

/** Whether the four values of an output texel come from one texel of the input, or are all the same value. */
function fitsTexels({ offset = 0 }: View, strides: readonly number[]): boolean {
  const last = strides[strides.length - 1];
  if (last === 0) return true;
  return last === 1 && offset % LANES === 0 && strides.slice(0, -1).every((stride) => stride % LANES === 0);
}
