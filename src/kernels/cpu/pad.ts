import type { Kernel, KernelAttributes } from '../kernel-table';
import { stridesOf } from '../strides';
import { valuesOf, wordsOf, type CpuBackend } from './backend';

/** For each position on an axis of the output: the position in the input to copy from, or −1 for constant padding. */
function sourcePositions(
  length: number,
  before: number,
  extent: number,
  mode: KernelAttributes['pad']['mode'],
): Int32Array {
  const positions = new Int32Array(length);
  // 'symmetric' repeats the element at the edge, 'reflect' does not.
  const repeated = mode === 'symmetric' ? 1 : 0;
  for (let i = 0; i < length; i++) {
    const at = i - before;
    if (at >= 0 && at < extent) positions[i] = at;
    else if (mode === 'constant') positions[i] = -1;
    else positions[i] = at < 0 ? -at - repeated : 2 * (extent - 1) + repeated - at;
  }
  return positions;
}

export const pad: Kernel<CpuBackend, 'pad'> = (backend, [input], [output], { before, mode, value }) => {
  const x = wordsOf(backend, input!);
  const y = wordsOf(backend, output!);
  if (mode === 'constant') valuesOf(backend, output!).fill(value);
  const { shape } = input!;
  const rank = shape.length;
  if (rank === 0) {
    y[0] = x[0]!;
    return;
  }
  const xStrides = stridesOf(shape);
  const yStrides = stridesOf(output!.shape);
  const sources = shape.map((extent, axis) =>
    sourcePositions(output!.shape[axis]!, before[axis]!, extent, mode),
  );
  const fillFrom = (axis: number, xOffset: number, yOffset: number): void => {
    const positions = sources[axis]!;
    const isLast = axis === rank - 1;
    for (let i = 0; i < positions.length; i++) {
      const source = positions[i]!;
      if (source < 0) continue;
      if (isLast) y[yOffset + i] = x[xOffset + source]!;
      else fillFrom(axis + 1, xOffset + source * xStrides[axis]!, yOffset + i * yStrides[axis]!);
    }
  };
  fillFrom(0, 0, 0);
};
