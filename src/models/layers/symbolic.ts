/** Values that are not there yet: what layers are called with to say how a model is made of them. */
import type { DataType } from '../../kernels';
import type { CallOptions, Shape } from './kind';
import type { Layer } from './layer';

/** A call of a layer on symbolic values. */
export interface SymbolicCall {
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly options: CallOptions;
  readonly outputs: readonly SymbolicTensor[];
  /** Grows from call to call. */
  readonly order: number;
}

let calls = 0;

/** A call, with outputs of these shapes. */
export function symbolicCall(
  layer: Layer,
  inputs: readonly SymbolicTensor[],
  shapes: readonly Shape[],
  dtype: DataType,
  options: CallOptions = {},
): readonly SymbolicTensor[] {
  const outputs: SymbolicTensor[] = [];
  const call: SymbolicCall = { layer, inputs, options, outputs, order: calls++ };
  for (const [i, shape] of shapes.entries()) outputs.push(new SymbolicTensor(shape, dtype, call, i));
  return outputs;
}

/**
 * A value of a model that is being described: an input, or what a layer gives. It has a shape, and no numbers.
 *
 * @example
 * ```ts
 * import { input, layers } from 'rxtensor/models';
 * const y = layers.dense({ units: 2 }).apply(input({ shape: [3] }));
 * console.log(y.shape); // [null, 2]
 * ```
 */
export class SymbolicTensor {
  constructor(
    /** The extents, with the batch; null where they are not known. */
    readonly shape: Shape,
    readonly dtype: DataType,
    /** The call that gives it. */
    readonly call: SymbolicCall,
    /** Which output of the call it is. */
    readonly index: number,
  ) {}
}
