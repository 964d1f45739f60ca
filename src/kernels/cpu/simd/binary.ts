import type { BinaryName } from '../../elementwise';
import { binaryFunctions } from '../../elementwise';
import { broadcastStrides, mergeAxes, sameShape } from '../../layout';
import { offsetOf } from '../backend';
import { walkOuterAxes } from '../walk';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';

type Loop = SimdExports['binary_add'];

/** The compiled loop of a row, where there is one for the dtype: `binary_add`, `intBinary_mul`, … */
function loopOf(simd: SimdExports, name: BinaryName, isFloat: boolean): Loop | undefined {
  const loops = simd as unknown as Readonly<Record<string, Loop | undefined>>;
  if (isFloat) return loops[`binary_${name}`];
  return binaryFunctions[name].int ? loops[`intBinary_${name}`] : undefined;
}

/** Two axes are walked by the compiled loop, whichever of them are repeated; the others, which are rare, here. */
export const binary: SimdKernel<'binary'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [left, right] = inputs;
  const output = outputs[0]!;
  const { shape } = output;
  const size = output.storage.size;
  const loop = loopOf(simd, attributes.name, left!.dtype === 'float32');
  if (!loop || size === 0) {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  const a = offsetOf(left!);
  const b = offsetOf(right!);
  const y = offsetOf(output);
  if (sameShape(left!.shape, right!.shape)) {
    loop(a, 0, 1, b, 0, 1, y, 1, size);
    return;
  }
  const nest = mergeAxes(shape, [
    broadcastStrides(left!.shape, shape),
    broadcastStrides(right!.shape, shape),
  ]);
  const last = nest.shape.length - 1;
  const length = nest.shape[last]!;
  const rows = nest.shape[last - 1] ?? 1;
  const [aStrides, bStrides] = nest.strides as [number[], number[]];
  const aRow = (aStrides[last - 1] ?? 0) * 4;
  const bRow = (bStrides[last - 1] ?? 0) * 4;
  walkOuterAxes(nest, 2, [0, 0], (offsets, run) => {
    const to = y + run * rows * length * 4;
    loop(
      a + offsets[0]! * 4,
      aRow,
      aStrides[last]!,
      b + offsets[1]! * 4,
      bRow,
      bStrides[last]!,
      to,
      rows,
      length,
    );
  });
};
