/** Where a product over patches may have met padding: see padded-places.ts. */
import type { TensorInfo } from '../backend';
import { floatsOf, type CpuBackend } from './backend';

/** The positions of an axis from `first` to `end` meet no padding through any tap. */
interface Clear {
  readonly first: number;
  readonly end: number;
}

/** Whether one of `count` runs of `length` elements of a tensor, `step` elements apart, has a NaN. */
export type FindNaN = (from: number, count: number, step: number, length: number) => boolean;

export function findNaNIn(backend: CpuBackend, tensor: TensorInfo): FindNaN {
  const values = floatsOf(backend, tensor);
  return (from, count, step, length) => {
    for (let run = 0; run < count; run++, from += step) {
      for (let i = from; i < from + length; i++) if (values[i] !== values[i]) return true;
    }
    return false;
  };
}

/**
 * Whether the first image has a NaN at its border. A tap that meets padding anywhere meets it there, at the same places of every image.
 */
export function hasNaNAtBorder(
  findNaN: FindNaN,
  height: number,
  width: number,
  channels: number,
  rows: Clear,
  columns: Clear,
): boolean {
  const line = width * channels;
  const above = Math.min(rows.first, height);
  const below = Math.max(rows.end, above);
  const left = Math.min(columns.first, width);
  const right = Math.max(columns.end, left);
  return (
    (above > 0 && findNaN(0, 1, 0, above * line)) ||
    (below < height && findNaN(below * line, 1, 0, (height - below) * line)) ||
    (left > 0 && findNaN(above * line, below - above, line, left * channels)) ||
    (right < width &&
      findNaN(above * line + right * channels, below - above, line, (width - right) * channels))
  );
}

/** Of the outputs. */
export function clearOutputs(
  count: number,
  extent: number,
  stride: number,
  taps: number,
  dilation: number,
  padding: number,
): Clear {
  const reach = (taps - 1) * dilation;
  return {
    first: Math.max(0, Math.ceil(padding / stride)),
    end: Math.min(count, Math.floor((extent - 1 - reach + padding) / stride) + 1),
  };
}

/** Of the inputs, as far as it can be said of all taps at once. */
export function clearInputs(
  count: number,
  extent: number,
  stride: number,
  taps: number,
  dilation: number,
  padding: number,
): Clear {
  return {
    first: Math.max(0, (taps - 1) * dilation - padding),
    end: Math.max(0, Math.min(count, extent * stride - padding)),
  };
}
