import {
  assertFunction,
  assertNumber,
  assertOneOf,
  described,
  isIntegers,
  wrongArgument,
} from '../tensor/argument';
import { dispatchOne } from '../tensor/dispatch';
import { assertDataType } from '../tensor/dtype';
import type { CustomAttributes, DataType, DataTypeMap } from '../kernels';
import { op } from '../tensor/op';
import { assertOptions } from '../tensor/options';
import { getOwn, setOwn } from '../tensor/own-property';
import type { GradientRule } from '../tensor/tape';
import type { Tensor } from '../tensor/tensor';
import { asTensor, type TensorInput } from '../tensor/tensor-like';

/** The extents of the axes. */
type Shape = readonly number[];

/** One value for each name. */
type Named<K extends string, T> = Readonly<Record<K, T>>;

/** The array type of a name's values. */
type ArrayOf<D, K extends string> = DataTypeMap[K extends keyof D ? D[K] & DataType : 'float32'];

/** What {@link customKernel} makes an op of. `I` are the names of its inputs, `N` those of its numbers, `D` its element types. */
export interface CustomKernel<I extends readonly string[], N extends string, D> {
  /** The op's name, for messages and profiles. */
  readonly name: string;
  /** The names of its inputs, in the order of its arguments. */
  readonly inputs: I;
  /** The names of its numbers, with their defaults. GLSL sees each as a `float`. */
  readonly numbers?: Named<N, number>;
  /** The element types of the inputs and of the `output`, by name; 'float32' where left out. */
  readonly dtypes?: D;
  /** Gives the shape of the result. */
  readonly shape: (shapes: Named<I[number], Shape>, numbers: Named<N, number>) => Shape;
  /**
   * GLSL ES 3.00 that defines `float result(int i)`, the value at the flat index `i` of the output (`int result(int i)` for int32 and bool). For an input
   * `x`, `x_at(i)` is its value at a flat index; `x_shape0`, `x_shape1`, … are the extents of its axes, `output_shape0`, … those of the output, and
   * `over_x_shape1(n)` is ⌊n / x_shape1⌋ for n ≥ 0. null, or left out: the kernel runs on the CPU on every backend.
   */
  readonly glsl?: string | null;
  /** Fills the values of the output, which come as zeros. The arrays are copies in row-major order. A bool is 0 or 1. */
  readonly cpu: (
    output: ArrayOf<D, 'output'>,
    inputs: { readonly [Name in I[number]]: ArrayOf<D, Name> },
    numbers: Named<N, number>,
    shapes: Named<I[number] | 'output', Shape>,
  ) => void;
  /**
   * Computes the gradient for each input, in its shape, of ops: from the gradient `dy` for the output, and from the inputs and the output by name. null
   * for an input: no gradient flows to it. If `gradient` is null, or left out, differentiating the op is an error.
   */
  readonly gradient?:
    | ((
        dy: Tensor,
        values: Named<I[number] | 'output', Tensor>,
        numbers: Named<N, number>,
      ) => Partial<Named<I[number], Tensor | null>>)
    | null;
}

/** An op that {@link customKernel} has made: it takes its inputs, and its numbers as options. */
export type CustomOp<I extends readonly string[], N extends string> = (
  ...args: [...inputs: { [K in keyof I]: TensorInput }, options?: Partial<Named<N, number>> | null]
) => Tensor;

/** The number of custom kernels so far. */
let count = 0;

/**
 * Makes an op of a kernel of your own. It checks its arguments, is taped, and is seen by profiles and debug mode, as ops of this library are.
 *
 * @param definition its names and shapes, and the kernel itself: for WebGL in GLSL, and for the CPU as a function over typed arrays
 * @returns the op. It throws when an argument is no tensor of the right type, and on WebGL when the GLSL does not compile: the message has the
 *   line and the driver's log
 * @throws when a property is missing, unknown or of another type
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { customKernel } from 'rxtensor/custom-kernels';
 * const swish = customKernel({
 *   name: 'swish',
 *   inputs: ['x'],
 *   numbers: { beta: 1 },
 *   shape: ({ x }) => x,
 *   glsl: `float result(int i) { return x_at(i) / (1.0 + exp(-beta * x_at(i))); }`,
 *   cpu: (output, { x }, { beta }) => {
 *     x.forEach((value, i) => (output[i] = value / (1 + Math.exp(-beta * value))));
 *   },
 *   gradient: (dy, { x, output }, { beta }) => {
 *     const sigmoid = x.mul(beta).sigmoid();
 *     return { x: output.mul(beta).mul(sigmoid.neg().add(1)).add(sigmoid).mul(dy) };
 *   },
 * });
 * dl.tidy(() => swish([-1, 0, 1], { beta: 2 }).print());
 * ```
 */
export function customKernel<
  const I extends readonly string[],
  N extends string = never,
  const D extends Partial<Named<I[number] | 'output', DataType>> = Record<never, never>,
>(definition: CustomKernel<I, N, D>): CustomOp<I, N> {
  assertDefinition(definition as Parameters<typeof assertDefinition>[0]);
  const { name, inputs: names, shape, glsl = null, cpu, gradient = null } = definition;
  const defaults = (definition.numbers ?? {}) as Record<N, number>;
  const dtypes = (definition.dtypes ?? {}) as Record<string, DataType>;
  const most = names.length + Number(Object.keys(defaults).length > 0);
  const program = `${name} (custom kernel ${++count})`;
  const named = <T>(of: (index: number) => T): Named<I[number], T> =>
    Object.fromEntries(names.map((each, i) => [each, of(i)])) as Named<I[number], T>;

  const argument = (each: string, value: TensorInput): Tensor => {
    const dtype = getOwn(dtypes, each) ?? 'float32';
    const x = asTensor(name, each, value, dtype);
    if (x.dtype === dtype) return x;
    throw new Error(`${name}: argument '${each}' is ${x.dtype}; wanted ${dtype}: cast it`);
  };
  const numbersOf = (given: unknown): Record<N, number> => {
    assertOptions<typeof defaults>(name, given, defaults);
    const numbers = { ...defaults };
    for (const [each, value] of Object.entries(given)) {
      if (value === null || value === undefined) continue;
      assertNumber(name, each, value);
      setOwn(numbers, each, value);
    }
    return numbers;
  };
  const rule: GradientRule<CustomAttributes> = {
    inputs: gradient ? 'all' : [],
    outputs: gradient ? [0] : [],
    gradients: ({ dy, input, output, attributes }) => {
      if (!gradient) throw new Error(`${name}: it has no gradient; wanted 'gradient' in customKernel`);
      const values = { ...named(input), output: output(0) } as Named<I[number] | 'output', Tensor>;
      const found: Partial<Named<I[number], Tensor | null>> = gradient(dy, values, attributes.numbers);
      return names.map((each: I[number]) => (found[each] === null ? null : () => found[each]!));
    },
  };

  return op(name, (...args: unknown[]): Tensor => {
    if (args.length > most)
      throw new Error(`${name}: there are ${args.length} arguments; wanted at most ${most}`);
    const inputs = names.map((each, i) => argument(each, args[i] as TensorInput));
    const numbers = numbersOf(args[names.length] ?? {});
    const shapes = named((i) => inputs[i]!.shape as Shape);
    const output: unknown = shape(shapes, numbers);
    if (!isIntegers(output, 0)) {
      throw new Error(
        `${name}: the function 'shape' gave ${described(output)}; wanted an array of non-negative integers`,
      );
    }
    const compute: CustomAttributes['compute'] = (arrays, values) => {
      const own = named((i) => arrays[i]!);
      cpu(values as never, own as never, numbers, { ...shapes, output });
    };
    const attributes = { program, names, numbers, glsl, compute };
    return dispatchOne(
      name,
      'custom',
      inputs,
      [...output],
      getOwn(dtypes, 'output') ?? 'float32',
      attributes,
      rule,
    );
  });
}

/** What GLSL takes as a name. */
const NAME = /^(?!gl_)[a-z](?!\w*__)\w*$/i;

function assertDefinition(
  definition: Readonly<Record<keyof CustomKernel<readonly [], never, never>, unknown>>,
): void {
  const kernel = 'customKernel';
  assertOptions<typeof definition>(kernel, definition, {
    ...{ name: 1, inputs: 1, numbers: 1, dtypes: 1, shape: 1, glsl: 1, cpu: 1, gradient: 1 },
  });
  const { name, inputs, shape, glsl, cpu, gradient } = definition;
  if (typeof name !== 'string') throw wrongArgument(kernel, 'name', name, 'a name');
  if (!Array.isArray(inputs)) throw wrongArgument(kernel, 'inputs', inputs, 'an array of names');
  const numbers = definition.numbers ?? {};
  const names = [...(inputs as string[]), ...Object.keys(numbers), 'output'];
  const bad = names.find((each, i) => !NAME.test(each) || names.lastIndexOf(each) > i);
  if (bad !== undefined) {
    throw wrongArgument(
      kernel,
      'inputs',
      bad,
      "names that GLSL takes, none twice or in 'numbers', and not 'output'",
    );
  }
  for (const [key, value] of Object.entries(numbers)) assertNumber(kernel, key, value);
  for (const [key, value] of Object.entries(definition.dtypes ?? {})) {
    assertOneOf(kernel, 'dtypes', key, [...(inputs as string[]), 'output']);
    assertDataType(kernel, value);
  }
  assertFunction(kernel, 'shape', shape);
  assertFunction(kernel, 'cpu', cpu);
  if (gradient !== null && gradient !== undefined) assertFunction(kernel, 'gradient', gradient);
  if (typeof (glsl ?? '') !== 'string') throw wrongArgument(kernel, 'glsl', glsl, 'GLSL source, or null');
}
