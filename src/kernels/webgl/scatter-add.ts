import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { blockedSum, LONGEST_PRODUCT_SUM, loopInBlocks } from './blocked-sum';
import { canAddPoints } from './draw-points';
import { scatterSums } from './scattered-sum';
import { unitFor } from './unit';

/** Up to this extent, searching the indices costs less than drawing a point for every value. */
const MOST_SEARCHED = 16;

/** Adds by points, or searches; both give the same bits in every run. */
export const scatterAdd: Kernel<WebGLBackend, 'scatterAdd'> = (backend, inputs, outputs, view) => {
  const isMany = view.extent > MOST_SEARCHED;
  const way = isMany && canAddPoints(backend, outputs[0]!) ? added : searched;
  way(backend, inputs, outputs, view);
};

/** Draws a point for each value, at the place of its index. */
const added: Kernel<WebGLBackend, 'scatterAdd'> = (
  backend,
  [values, indices],
  [y],
  { outer, extent, inner, batch = 1 },
) => {
  const unit = unitFor(inner);
  scatterSums(backend, {
    program: 'scatterAdd',
    inputs: { values: values!, indices: indices! },
    output: y!,
    form: unit.form,
    count: values!.size / unit.size,
    most: indices!.size / batch,
    ints: { extent, inner: unit.length, count: indices!.size / batch, part: outer / batch },
    source: () => `
      void term(int p) {
        int row = over_inner(p), block = over_count(row);
        int index = indices_at(over_part(block) * count + row - block * count);
        if (index < 0 || index >= extent) return;
        target = (block * extent + index) * inner + p - row * inner;
        order = row - block * count;
        added = values_unit(p);
      }`,
  });
};

/**
 * Each fragment searches all indices for its own, four at a time. The cost is outputs × indices, so that this way is only for small
 * extents, for integers, which cannot be blended, and for devices that cannot blend floats.
 */
const searched: Kernel<WebGLBackend, 'scatterAdd'> = (
  backend,
  [values, indices],
  [y],
  { outer, extent, inner, batch = 1 },
) => {
  const unit = unitFor(inner);
  const count = indices!.size / batch;
  const isFloat = y!.dtype === 'float32';
  const inBlocks = blockedSum(['sum'], 'unit', isFloat ? count : 0, LONGEST_PRODUCT_SUM);
  draw(backend, {
    program: `scatterAdd${batch > 1 ? ' batch' : ''}${inBlocks.key}`,
    inputs: { values: values!, indices: indices! },
    outputs: [y!],
    form: unit.form,
    ints: { extent, inner: unit.length, count, part: outer / batch },
    source: () => `
      ${inBlocks.functions}
      unit result(int i) {
        int row = over_inner(i), block = over_extent(row);
        int index = row - block * extent;
        int base = block * count * inner + i - row * inner;
        unit sum = unit(0);
        ${inBlocks.declare}
        ${
          batch > 1
            ? `int first = over_part(block) * count;
        ${loopInBlocks(
          inBlocks,
          'k',
          { first: '0', end: 'count' },
          'if (indices_at(first + k) == index) sum += values_unit(base + k * inner);',
        )}`
            : loopInBlocks(
                inBlocks,
                'k',
                { first: '0', end: 'count', step: 4 },
                `ivec4 four = indices_texel(k >> 2);
          for (int lane = 0; lane < 4 && k + lane < count; lane++) {
            if (four[lane] == index) sum += values_unit(base + (k + lane) * inner);
          }`,
              )
        }
        ${inBlocks.finish}
        return sum;
      }`,
  });
};
