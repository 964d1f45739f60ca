import { sizeOf, type DataType, type Shape } from '../kernels';

/** The items shown at each end of an axis with more than MAX_ITEMS. */
const EDGE_ITEMS = 3;
const MAX_ITEMS = 20;
const SIGNIFICANT_DIGITS = 7;

function formatValue(value: number, dtype: DataType): string {
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (dtype === 'int32' || !Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
}

/** The indices of an axis to show; −1 stands for those left out. */
function shownIndices(extent: number): number[] {
  if (extent <= MAX_ITEMS) return Array.from({ length: extent }, (_, i) => i);
  const head = Array.from({ length: EDGE_ITEMS }, (_, i) => i);
  return [...head, -1, ...head.map((i) => extent - EDGE_ITEMS + i)];
}

/**
 * A tensor's values as text: nested brackets, numbers aligned in columns, long axes shortened.
 *
 * @param values row-major
 * @param verbose also shows dtype, rank and shape
 */
export function formatTensor(
  values: ArrayLike<number>,
  shape: Shape,
  dtype: DataType,
  verbose: boolean,
): string {
  const shown = new Map<number, string>();
  const visit = (axis: number, offset: number): void => {
    if (axis === shape.length) {
      shown.set(offset, formatValue(values[offset]!, dtype));
      return;
    }
    const stride = sizeOf(shape.slice(axis + 1));
    for (const index of shownIndices(shape[axis]!)) if (index >= 0) visit(axis + 1, offset + index * stride);
  };
  visit(0, 0);
  const width = Math.max(0, ...[...shown.values()].map((text) => text.length));
  const render = (axis: number, offset: number, indent: string): string => {
    if (axis === shape.length) return shown.get(offset)!.padStart(shape.length > 1 ? width : 0);
    const stride = sizeOf(shape.slice(axis + 1));
    const innermost = axis === shape.length - 1;
    const items = shownIndices(shape[axis]!).map((index) =>
      index < 0 ? '...' : render(axis + 1, offset + index * stride, `${indent} `),
    );
    const blankLines = '\n'.repeat(Math.max(1, shape.length - axis - 1));
    return `[${items.join(innermost ? ', ' : `,${blankLines}${indent} `)}]`;
  };
  const body = render(0, 0, verbose ? '    ' : '  ');
  if (!verbose) return `Tensor\n  ${body}`;
  return `Tensor\n  dtype: ${dtype}\n  rank: ${shape.length}\n  shape: [${shape.join(',')}]\n  values:\n    ${body}`;
}
