import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { reductions } from '../reductions';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { literal } from './glsl';
import { inPasses } from './scratch';
import { LANES } from './texture-layout';
import { laneTypeOf } from './textures';
import { unitFor } from './unit';

/**
 * ⌈log₂ n⌉ passes. Each combines every element with the one `distance` steps before it, and the distance doubles from pass to pass (Hillis
 * & Steele, "Data parallel algorithms", CACM 1986). Algorithms with fewer additions need twice as many passes, which cost more on a GPU.
 * Where the axis is innermost and fills whole texels, a first pass scans each texel, and the others combine it with the total of a texel
 * before it.
 */
export const scan: Kernel<WebGLBackend, 'scan'> = (
  backend,
  [x],
  [y],
  { name, exclusive, reverse, extent, inner },
) => {
  const type = laneTypeOf(y!.dtype);
  const { glsl, initial } = type === 'float' ? reductions[name] : reductions[name].int;
  const isAlongTexels = inner === 1 && extent % LANES === 0;
  const { form, length } = isAlongTexels ? { form: 'texel' as const, length: 1 } : unitFor(inner);
  const steps = isAlongTexels ? extent / LANES : extent;
  const [before, total] = reverse ? ['position + distance < extent', 'x'] : ['position >= distance', 'w'];
  const combine = (unit: string): string => `${unit} combine(${unit} a, ${unit} b) { return ${glsl}; }`;

  const combineAt =
    (distance: number) =>
    (from: TensorInfo, to: TensorInfo): void => {
      draw(backend, {
        program: `scan ${name} ${isAlongTexels ? 'totals' : ''} ${reverse ? 'reverse' : ''}`,
        inputs: { x: from },
        outputs: [to],
        form,
        ints: { extent: steps, inner: length, distance },
        source: () => `
          ${combine('unit')}
          unit result(int i) {
            int line = over_inner(i), position = line - over_extent(line) * extent;
            if (!(${before})) return x_unit(i);
            unit other = x_unit(i ${reverse ? '+' : '-'} distance * inner);
            return combine(${isAlongTexels ? `unit(other.${total})` : 'other'}, x_unit(i));
          }`,
      });
    };
  const withinTexels = (from: TensorInfo, to: TensorInfo): void => {
    const order = reverse ? 'wzyx' : 'xyzw';
    draw(backend, {
      program: `scan ${name} texels ${reverse ? 'reverse' : ''}`,
      inputs: { x: from },
      outputs: [to],
      form,
      source: () => `
        ${combine('scalar')}
        unit result(int i) {
          unit v = x_unit(i).${order};
          v.y = combine(v.x, v.y); v.z = combine(v.y, v.z); v.w = combine(v.z, v.w);
          return v.${order};
        }`,
    });
  };
  const shift = (from: TensorInfo, to: TensorInfo): void => {
    draw(backend, {
      program: `scan ${name} ${type} shift ${reverse ? 'reverse' : ''}`,
      inputs: { x: from },
      outputs: [to],
      form: 'element',
      ints: { extent, inner, distance: 1 },
      source: () => `
        unit result(int i) {
          int line = over_inner(i), position = line - over_extent(line) * extent;
          return ${before} ? x_unit(i ${reverse ? '+' : '-'} inner) : ${literal(initial, type)};
        }`,
    });
  };

  const passes = [...(exclusive ? [shift] : []), ...(isAlongTexels ? [withinTexels] : [])];
  for (let distance = 1; distance < steps; distance *= 2) passes.push(combineAt(distance));
  // A single element is its own sum.
  if (passes.length === 0) passes.push(combineAt(1));
  inPasses(backend, x!, y!, passes);
};
