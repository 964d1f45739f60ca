/**
 * Padding adds nothing to a convolution or to its gradients: a window is what of it lies inside the image, as in pooling and as in
 * TensorFlow.js. The products over patches take padding for zeros, which comes to the same unless a zero meets a NaN or an infinity:
 * 0 · ∞ is NaN. Such results are summed up anew here, over the places inside alone. A NaN at the border of the first
 * result tells when to look, at next to no cost.
 */
import type { TensorInfo } from '../backend';
import type { WindowGeometry } from '../convolution';
import type { Activation } from '../activation';
import { activationLoop } from './activation';
import { floatsOf, type CpuBackend } from './backend';
import { clearInputs, clearOutputs, findNaNIn, hasNaNAtBorder } from './border-check';
import { groupsOf } from './convolution-groups';

/** What one position of an axis is summed over. */
interface Reach {
  /** Taps of the filter, and the position that is met through each of them. */
  readonly taps: readonly number[];
  readonly places: readonly number[];
  /** Whether other taps meet padding. */
  readonly isCut: boolean;
}

/** @param placeOf the position met from i through a tap; undefined where the tap has none, not even in the padding */
function reachesOf(
  count: number,
  taps: number,
  extent: number,
  placeOf: (i: number, tap: number) => number | undefined,
): Reach[] {
  return Array.from({ length: count }, (_, i) => {
    const inside: number[] = [];
    const places: number[] = [];
    let isCut = false;
    for (let tap = 0; tap < taps; tap++) {
      const place = placeOf(i, tap);
      if (place === undefined) continue;
      if (place >= 0 && place < extent) {
        inside.push(tap);
        places.push(place);
      } else isCut = true;
    }
    return { taps: inside, places, isCut };
  });
}

interface Reaches {
  readonly rows: readonly Reach[];
  readonly columns: readonly Reach[];
}

/** What each output sees of the image. */
function outputReaches(g: WindowGeometry): Reaches {
  return {
    rows: reachesOf(
      g.outHeight,
      g.filterHeight,
      g.inHeight,
      (i, tap) => i * g.strideHeight - g.padTop + tap * g.dilationHeight,
    ),
    columns: reachesOf(
      g.outWidth,
      g.filterWidth,
      g.inWidth,
      (i, tap) => i * g.strideWidth - g.padLeft + tap * g.dilationWidth,
    ),
  };
}

/** By which outputs each place of the image is seen. */
function inputReaches(g: WindowGeometry): Reaches {
  const seenBy =
    (stride: number, padding: number, dilation: number) =>
    (i: number, tap: number): number | undefined => {
      const distance = i + padding - tap * dilation;
      return distance % stride === 0 ? distance / stride : undefined;
    };
  const down = seenBy(g.strideHeight, g.padTop, g.dilationHeight);
  const across = seenBy(g.strideWidth, g.padLeft, g.dilationWidth);
  return {
    rows: reachesOf(g.inHeight, g.filterHeight, g.outHeight, down),
    columns: reachesOf(g.inWidth, g.filterWidth, g.outWidth, across),
  };
}

function isEveryFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i]!) < Infinity)) return false;
  return true;
}

/** The operands of the sums that are taken anew, and how a filter lies between channels of both sides. */
interface Sums {
  readonly batch: number;
  readonly from: Float32Array;
  readonly fromShape: readonly [height: number, width: number, channels: number];
  readonly to: Float32Array;
  readonly toShape: readonly [height: number, width: number, channels: number];
  readonly filter: Float32Array;
  /** Floats of the filter from tap to tap. */
  readonly tapLength: number;
  readonly filterWidth: number;
  /** The channels that a channel of the result is summed over. */
  readonly firstChannel: (channel: number) => number;
  readonly channels: number;
  readonly filterAt: (toChannel: number, fromChannel: number) => number;
  readonly bias?: Float32Array | undefined;
  /** Applied to the sums of one position. */
  readonly finish?: ((from: number, to: number) => void) | undefined;
}

/** Where a sum meets padding it is taken again. NaN absorbs what would follow. */
function sumAgain(s: Sums, { rows, columns }: Reaches): void {
  const [fromHeight, fromWidth, fromChannels] = s.fromShape;
  const [height, width, channels] = s.toShape;
  const sumOf = (image: number, row: Reach, column: Reach, channel: number): number => {
    const first = s.firstChannel(channel);
    let sum = s.bias?.[channel] ?? 0;
    for (let k = 0; k < row.taps.length; k++) {
      for (let l = 0; l < column.taps.length; l++) {
        const place = (image * fromHeight + row.places[k]!) * fromWidth + column.places[l]!;
        const tap = (row.taps[k]! * s.filterWidth + column.taps[l]!) * s.tapLength;
        for (let c = first; c < first + s.channels; c++) {
          sum += s.from[place * fromChannels + c]! * s.filter[tap + s.filterAt(channel, c)]!;
        }
        if (sum !== sum) return NaN;
      }
    }
    return sum;
  };
  for (let image = 0; image < s.batch; image++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        if (!rows[row]!.isCut && !columns[column]!.isCut) continue;
        const to = ((image * height + row) * width + column) * channels;
        for (let channel = 0; channel < channels; channel++) {
          s.to[to + channel] = sumOf(image, rows[row]!, columns[column]!, channel);
        }
        s.finish?.(to, to + channels);
      }
    }
  }
}

/** After y = patches · filter + bias, activated. */
export function redoPaddedOutputs(
  backend: CpuBackend,
  [input, filter, bias]: readonly TensorInfo[],
  output: TensorInfo,
  g: WindowGeometry,
  activation: Activation,
  alpha: number,
  findNaN = findNaNIn(backend, output),
): void {
  const rows = clearOutputs(
    g.outHeight,
    g.inHeight,
    g.strideHeight,
    g.filterHeight,
    g.dilationHeight,
    g.padTop,
  );
  const columns = clearOutputs(
    g.outWidth,
    g.inWidth,
    g.strideWidth,
    g.filterWidth,
    g.dilationWidth,
    g.padLeft,
  );
  if (!hasNaNAtBorder(findNaN, g.outHeight, g.outWidth, g.outChannels, rows, columns)) return;
  const f = floatsOf(backend, filter!);
  if (isEveryFinite(f)) return;
  const { groupIn, groupOut } = groupsOf(g, filter!);
  const firstChannel = (channel: number): number => Math.floor(channel / groupOut) * groupIn;
  const y = floatsOf(backend, output);
  const activate = activationLoop(activation);
  const sums: Sums = {
    batch: g.batch,
    from: floatsOf(backend, input!),
    fromShape: [g.inHeight, g.inWidth, g.inChannels],
    to: y,
    toShape: [g.outHeight, g.outWidth, g.outChannels],
    filter: f,
    tapLength: groupIn * g.outChannels,
    filterWidth: g.filterWidth,
    firstChannel,
    channels: groupIn,
    filterAt: (out, channel) => (channel - firstChannel(out)) * g.outChannels + out,
    bias: bias && floatsOf(backend, bias),
    finish: activate && ((from, to) => activate(y, y, from, to, alpha, 0)),
  };
  sumAgain(sums, outputReaches(g));
}

/** After dx = patches of dy · the filter, its taps in reverse. */
export function redoPaddedInputs(
  backend: CpuBackend,
  [gradient, filter]: readonly TensorInfo[],
  output: TensorInfo,
  g: WindowGeometry,
  findNaN = findNaNIn(backend, output),
): void {
  const rows = clearInputs(
    g.inHeight,
    g.outHeight,
    g.strideHeight,
    g.filterHeight,
    g.dilationHeight,
    g.padTop,
  );
  const columns = clearInputs(
    g.inWidth,
    g.outWidth,
    g.strideWidth,
    g.filterWidth,
    g.dilationWidth,
    g.padLeft,
  );
  if (!hasNaNAtBorder(findNaN, g.inHeight, g.inWidth, g.inChannels, rows, columns)) return;
  const f = floatsOf(backend, filter!);
  if (isEveryFinite(f)) return;
  const { groupIn, groupOut } = groupsOf(g, filter!);
  const sums: Sums = {
    batch: g.batch,
    from: floatsOf(backend, gradient!),
    fromShape: [g.outHeight, g.outWidth, g.outChannels],
    to: floatsOf(backend, output),
    toShape: [g.inHeight, g.inWidth, g.inChannels],
    filter: f,
    tapLength: groupIn * g.outChannels,
    filterWidth: g.filterWidth,
    firstChannel: (channel) => Math.floor(channel / groupIn) * groupOut,
    channels: groupOut,
    filterAt: (channel, out) => (channel % groupIn) * g.outChannels + out,
  };
  sumAgain(sums, inputReaches(g));
}

/** After dfilter = patchesᵀ · dy: every sum that is NaN, of a tap that meets padding. */
export function redoPaddedTaps(
  backend: CpuBackend,
  [input, gradient]: readonly TensorInfo[],
  output: TensorInfo,
  g: WindowGeometry,
  findNaN = findNaNIn(backend, output),
): void {
  const { groupIn, groupOut } = groupsOf(g, output);
  const tapLength = groupIn * g.outChannels;
  // A NaN of dy that has met padding is in all channels of the image: the first tells.
  if (!findNaN(0, g.filterHeight * g.filterWidth, tapLength, g.outChannels)) return;
  if (isEveryFinite(floatsOf(backend, gradient!))) return;
  const { rows, columns } = outputReaches(g);
  const taps = Array.from({ length: g.filterHeight * g.filterWidth }, (_, tap) => tap).filter((tap) => {
    const ky = Math.floor(tap / g.filterWidth);
    const kx = tap % g.filterWidth;
    return rows.some((row) => !row.taps.includes(ky)) || columns.some((column) => !column.taps.includes(kx));
  });
  const df = floatsOf(backend, output);
  const x = floatsOf(backend, input!);
  const dy = floatsOf(backend, gradient!);
  const sumOf = (tap: number, channel: number, out: number): number => {
    const ky = Math.floor(tap / g.filterWidth);
    const kx = tap % g.filterWidth;
    const inChannel = Math.floor(out / groupOut) * groupIn + channel;
    let sum = 0;
    for (let image = 0; image < g.batch; image++) {
      for (let row = 0; row < g.outHeight; row++) {
        const line = rows[row]!.places[rows[row]!.taps.indexOf(ky)];
        if (line === undefined) continue;
        for (let column = 0; column < g.outWidth; column++) {
          const place = columns[column]!.places[columns[column]!.taps.indexOf(kx)];
          if (place === undefined) continue;
          const seen = x[((image * g.inHeight + line) * g.inWidth + place) * g.inChannels + inChannel]!;
          sum += seen * dy[((image * g.outHeight + row) * g.outWidth + column) * g.outChannels + out]!;
          if (sum !== sum) return NaN;
        }
      }
    }
    return sum;
  };
  for (const tap of taps) {
    for (let i = 0; i < tapLength; i++) {
      const at = tap * tapLength + i;
      if (df[at] !== df[at]) df[at] = sumOf(tap, Math.floor(i / g.outChannels), i % g.outChannels);
    }
  }
}
