/**
 * Padding adds nothing to a convolution or to its gradients: a window is the part of it that lies inside the image, as in pooling and as in
 * TensorFlow.js. The products over patches take padding for zeros, which is the same unless a zero meets a NaN or an infinity:
 * 0 · ∞ is NaN. Such results are summed again here, over the places inside alone.
 */
import type { TensorInfo } from '../backend';
import type { WindowGeometry } from '../convolution';
import type { Activation } from '../activation';
import { activationLoop } from './activation';
import { floatsOf, type CpuBackend } from './backend';
import { groupsOf } from './convolution-groups';
import { walkWindows } from './windows';

/** The operands of y = x ∗ filter: two that were given, or gradients to them, and the one that was computed. */
interface Convolution {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly y: TensorInfo;
}

function isEveryFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i]!) < Infinity)) return false;
  return true;
}

/** A convolution along one axis of the image. */
interface Axis {
  readonly extent: number;
  readonly outExtent: number;
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: number;
}

/** How many positions at both ends of an axis may meet padding: of the outputs, or of the gradient to the input. */
function cutPositions(
  result: 'x' | 'y',
  { extent, outExtent, taps, stride, dilation, padding }: Axis,
): readonly [before: number, behind: number] {
  const reach = (taps - 1) * dilation;
  return result === 'x'
    ? [reach - padding, extent - (outExtent * stride - padding)]
    : [Math.ceil(padding / stride), outExtent - 1 - Math.floor((extent - 1 - reach + padding) / stride)];
}

/**
 * Whether a NaN stands where padding may have made it so, at next to no cost: in the first image, since a tap meets padding at the same
 * places of every image, and at its border. In a gradient to the filter it is in the weights of all input channels: the first tells.
 */
function hasNaNAtBorder(values: Float32Array, g: WindowGeometry, result: keyof Convolution): boolean {
  const isFilter = result === 'filter';
  const images = isFilter ? 1 : g.batch;
  const height = { x: g.inHeight, y: g.outHeight, filter: g.filterHeight }[result];
  const width = { x: g.inWidth, y: g.outWidth, filter: g.filterWidth }[result];
  const [above, below] = isFilter
    ? [height, 0]
    : cutPositions(result, {
        extent: g.inHeight,
        outExtent: g.outHeight,
        taps: g.filterHeight,
        stride: g.strideHeight,
        dilation: g.dilationHeight,
        padding: g.padTop,
      });
  const [left, right] = isFilter
    ? [width, 0]
    : cutPositions(result, {
        extent: g.inWidth,
        outExtent: g.outWidth,
        taps: g.filterWidth,
        stride: g.strideWidth,
        dilation: g.dilationWidth,
        padding: g.padLeft,
      });
  const length = values.length / (images * height * width);
  const channels = isFilter ? g.outChannels : length;
  for (let row = 0; row < height; row++) {
    const isClear = row >= above && row < height - below;
    for (let column = 0; column < width; column++) {
      if (isClear && column >= left) column = Math.max(column, width - right);
      if (column >= width) break;
      const first = (row * width + column) * length;
      for (let at = first; at < first + channels; at++) if (values[at] !== values[at]) return true;
    }
  }
  return false;
}

/** Sums again what is NaN in one operand of a convolution, `result`, if padding may have made it so. */
export function sumWithoutPadding(
  backend: CpuBackend,
  g: WindowGeometry,
  operands: Convolution,
  result: keyof Convolution,
  bias?: TensorInfo,
  activation: Activation = 'linear',
  alpha = 0,
): void {
  const target = floatsOf(backend, operands[result]);
  if (!hasNaNAtBorder(target, g, result)) return;
  const x = floatsOf(backend, operands.x);
  const filter = floatsOf(backend, operands.filter);
  const y = floatsOf(backend, operands.y);
  if (isEveryFinite(result === 'filter' ? y : filter)) return;
  const biases = bias && floatsOf(backend, bias);
  // NaN in `sums` stands for what need not be summed: it is a number already, or NaN for good.
  const sums = Float64Array.from(target, (value, i) =>
    value === value ? NaN : (biases?.[i % g.outChannels] ?? 0),
  );
  const channels = result === 'x' ? g.inChannels : g.outChannels;
  let open = 0;
  const openChannels = new Set<number>();
  sums.forEach((sum, i) => {
    if (sum !== sum) return;
    open++;
    openChannels.add(i % channels);
  });
  const { groupIn, groupOut } = groupsOf(g, operands.filter);
  const [own, others] = result === 'x' ? [groupIn, groupOut] : [groupOut, groupIn];
  const addTerms = (pixelOfX: number, tap: number, pixelOfY: number): void => {
    for (const channel of openChannels) {
      const group = Math.floor(channel / own);
      for (let other = 0; other < others; other++) {
        const [c, out] = result === 'x' ? [channel % own, group * groupOut + other] : [other, channel];
        const at = {
          x: pixelOfX + group * groupIn + c,
          filter: (tap * groupIn + c) * g.outChannels + out,
          y: pixelOfY + out,
        };
        const to = at[result];
        if (sums[to] === sums[to]) {
          sums[to]! +=
            (result === 'x' ? y[at.y]! : x[at.x]!) * (result === 'filter' ? y[at.y]! : filter[at.filter]!);
          if (sums[to] !== sums[to]) open--;
        } else if (result !== 'filter') break;
      }
    }
  };
  walkWindows(g, ({ output, input, firstRow, firstColumn, rows, columns }) => {
    for (let row = 0; row < rows && open > 0; row++) {
      for (let column = 0; column < columns; column++) {
        addTerms(
          input + (row * g.dilationHeight * g.inWidth + column * g.dilationWidth) * g.inChannels,
          (firstRow + row) * g.filterWidth + firstColumn + column,
          output,
        );
      }
    }
  });
  const activate = activationLoop(activation);
  sums.forEach((sum, i) => {
    if (sum !== sum) return;
    target[i] = sum;
    activate?.(target, target, i, i + 1, alpha, 0);
  });
}
