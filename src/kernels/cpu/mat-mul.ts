import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { activationLoop } from './activation';
import { evenOffsets } from './addresses';
import { floatsOf, withFloatScratch, type CpuBackend } from './backend';
import { integerProduct } from './integer-product';
import { multiply, packedLength, transposed, type Matrix } from './product';

/** Returns a function that gives matrix `index` of a batch; a batch of one is repeated. */
function matricesOf(
  backend: CpuBackend,
  tensor: TensorInfo,
  isTransposed: boolean,
): (index: number) => Matrix {
  const [batch, height, width] = tensor.shape as [number, number, number];
  const values = floatsOf(backend, tensor);
  const rows = evenOffsets(height, width);
  const columns = evenOffsets(width, 1);
  return (index) => {
    const matrix = { values, start: batch === 1 ? 0 : index * height * width, rows, columns };
    return isTransposed ? transposed(matrix) : matrix;
  };
}

export const matMul: Kernel<CpuBackend, 'matMul'> = (backend, [left, right, bias], [output], attributes) => {
  if (output!.dtype === 'int32') {
    integerProduct(backend, [left!, right!], output!, attributes);
    return;
  }
  const { transposeA, transposeB, activation, alpha } = attributes;
  const [batch, , n] = output!.shape as [number, number, number];
  const k = left!.shape[transposeA ? 1 : 2]!;
  withFloatScratch(backend, packedLength(k, n), (packed) => {
    const a = matricesOf(backend, left!, transposeA);
    const b = matricesOf(backend, right!, transposeB);
    const c = matricesOf(backend, output!, false);
    const biases = bias && floatsOf(backend, bias);
    const activate = activationLoop(activation);
    for (let index = 0; index < batch; index++) {
      multiply({ a: a(index), b: b(index), c: c(index), bias: biases, activate, alpha }, packed);
    }
  });
};
