import type { Tensor, Tensor2D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';

/** An int32 tensor of indices; a vector if no shape is given. */
export const places = (values: number[], ...shape: number[]): Tensor =>
  ops.tensor(values, shape.length === 0 ? [values.length] : shape, 'int32');

/** A matrix with no rows and three columns. */
export const noRows = (): Tensor2D => ops.zeros([0, 3]);

/** No padding along an axis. */
export const none: [number, number] = [0, 0];
