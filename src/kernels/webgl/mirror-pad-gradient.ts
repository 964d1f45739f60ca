import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { unitFor } from './unit';

/** Each element of dx adds up its own place in dy and its mirror image in the padding on either side. */
export const mirrorPadGradient: Kernel<WebGLBackend, 'mirrorPadGradient'> = (
  backend,
  [dy],
  [dx],
  { outer, extent, inner, before, mode },
) => {
  const unit = unitFor(inner);
  draw(backend, {
    program: 'mirrorPadGradient',
    inputs: { dy: dy! },
    outputs: [dx!],
    form: unit.form,
    ints: {
      extent,
      inner: unit.length,
      before,
      total: dy!.size / (outer * inner),
      repeated: mode === 'symmetric' ? 1 : 0,
    },
    source: () => `
      unit result(int i) {
        int row = over_inner(i), block = over_extent(row);
        int position = row - block * extent, base = block * total, j = i - row * inner;
        unit sum = dy_unit((base + before + position) * inner + j);
        int mirrored = before - position - repeated;
        if (mirrored >= 0 && mirrored < before) sum += dy_unit((base + mirrored) * inner + j);
        mirrored = before + 2 * (extent - 1) + repeated - position;
        if (mirrored >= before + extent && mirrored < total) sum += dy_unit((base + mirrored) * inner + j);
        return sum;
      }`,
  });
};
