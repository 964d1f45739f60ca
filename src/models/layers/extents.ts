/** Shapes of outputs from shapes of inputs. An extent that is not known gives one that is not. */
import type { Shape } from './kind';
import { shown } from './layer';

export type Extent = number | null;

export const mapExtent = (extent: Extent, map: (known: number) => number): Extent =>
  extent === null ? null : map(extent);

/** The product; null if a factor is. */
export const productOf = (extents: Shape): Extent =>
  extents.reduce<Extent>(
    (product, extent) => (product === null || extent === null ? null : product * extent),
    1,
  );

/** @throws unless the first input has that rank, with the batch */
export function ranked(inputs: readonly Shape[], ...ranks: readonly number[]): Shape {
  const shape = inputs[0] ?? [];
  if (inputs.length === 1 && ranks.includes(shape.length)) return shape;
  throw new Error(`the input is ${shown(inputs)}; wanted one of rank ${ranks.join(' or ')}, with the batch`);
}

/** The last extent, or NaN, which is no extent of a weight. */
export const lastOf = (shape: Shape): number => shape.at(-1) ?? NaN;

export type Padding = 'valid' | 'same' | 'causal';

/** How many steps a window takes over an axis. */
export function windowExtent(
  extent: Extent,
  size: number,
  stride: number,
  dilation: number,
  pad: Padding,
): Extent {
  return mapExtent(extent, (known) => {
    if (pad !== 'valid') return Math.ceil(known / stride);
    const steps = Math.floor((known - (size - 1) * dilation - 1) / stride) + 1;
    if (steps > 0) return steps;
    throw new Error(
      `an axis of ${known} is shorter than the window of ${(size - 1) * dilation + 1}; wanted a longer one`,
    );
  });
}

/** How far a window reaches in a transposed convolution. */
export function transposedExtent(
  extent: Extent,
  size: number,
  stride: number,
  pad: Padding,
  outputPadding: number | null,
): Extent {
  return mapExtent(extent, (known) => {
    if (outputPadding !== null) {
      const cut = pad === 'same' ? Math.floor(size / 2) : 0;
      return (known - 1) * stride + size - 2 * cut + outputPadding;
    }
    return pad === 'same' ? known * stride : known * stride + Math.max(size - stride, 0);
  });
}

/** The shape that the inputs are repeated to, axis by axis from the last. @throws when two do not fit */
export function broadcastShape(inputs: readonly Shape[]): Shape {
  const rank = Math.max(...inputs.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const extents = inputs
      .map((shape) => shape[axis - rank + shape.length])
      .filter((extent) => extent !== undefined);
    const known = [...new Set(extents.filter((extent) => extent !== null && extent !== 1))];
    if (known.length > 1)
      throw new Error(`the inputs are ${shown(inputs)}; wanted shapes that fit each other`);
    if (known.length === 1) return known[0]!;
    return extents.includes(null) ? null : 1;
  });
}
