/** Quantized values: q stands for (q − zero point)·scale. They are kept as int32. */
import * as dl from '../../../tensor';
import type { Tensor } from '../../../tensor';
import type { NodeCall, OpTable } from '../row';
import { axisFrom, given, placeOf } from './call';
import { product } from './products';
import { convolution } from './windows';

/** A scale or zero point as it is broadcast to x: one for all, or one for each element of an axis. */
function along(call: NodeCall, each: Tensor, axis: number): Tensor {
  if (each.size === 1) return dl.reshape(each, []);
  const { rank } = call.x[0]!;
  const place = placeOf(call, axis, rank);
  return dl.reshape(
    each,
    Array.from({ length: rank }, (_, i) => (i === place ? each.size : 1)),
  );
}

/** The real values of quantized ones. */
function dequantized(x: Tensor, scale: Tensor, zero: Tensor | undefined): Tensor {
  const shifted = zero ? dl.sub(dl.cast(x, 'float32'), dl.cast(zero, 'float32')) : dl.cast(x, 'float32');
  return dl.mul(shifted, scale);
}

function quantized({ attributes }: NodeCall, x: Tensor, scale: Tensor, zero: Tensor | undefined): Tensor {
  // The range of the zero point's type; uint8 if there is none.
  const range = attributes.numbers('range');
  const [least, greatest] = range.length === 2 ? (range as [number, number]) : ([0, 255] as const);
  const steps = dl.round(dl.div(x, scale));
  const shifted = zero ? dl.add(steps, dl.cast(zero, 'float32')) : steps;
  return dl.cast(dl.clipByValue(shifted, least, greatest), 'int32');
}

function quantizedDynamically({ x: [x] }: NodeCall): Tensor[] {
  const least = dl.minimum(dl.min(x!), 0);
  const greatest = dl.maximum(dl.max(x!), 0);
  const scale = dl.div(dl.sub(greatest, least), 255);
  const zero = dl.clipByValue(dl.round(dl.divNoNan(dl.neg(least), scale)), 0, 255);
  const y = dl.clipByValue(dl.add(dl.round(dl.divNoNan(x!, scale)), zero), 0, 255);
  return [dl.cast(y, 'int32'), scale, dl.cast(zero, 'int32')];
}

/** The values less their zero point: one for all, or one for each row or column. */
const shifted = (x: Tensor, zero: Tensor | undefined, isRow: boolean): Tensor => {
  if (!zero) return x;
  const shape = isRow && zero.rank === 1 && zero.size > 1 ? [zero.size, 1] : zero.shape;
  return dl.sub(x, zero.size === 1 ? dl.reshape(zero, []) : dl.reshape(zero, [...shape]));
};

/** Images of the file with their channels last, and back. */
function overImages(x: Tensor, work: (images: Tensor) => Tensor): Tensor {
  const last = x.rank === 3 ? [0, 2, 1] : [0, 2, 3, 1];
  const first = x.rank === 3 ? [0, 2, 1] : [0, 3, 1, 2];
  return dl.transpose(work(dl.transpose(x, last)), first);
}

const perFilter = (each: Tensor, filter: Tensor): Tensor =>
  each.size === 1
    ? dl.reshape(each, [])
    : dl.reshape(each, [each.size, ...filter.shape.slice(1).map(() => 1)]);

/** Each product is exact as long as its sum is below 2²⁴. */
function integerConvolution(call: NodeCall): Tensor {
  const [x, filter] = call.x as [Tensor, Tensor];
  const images = dl.cast(shifted(x, given(call, 2), false), 'float32');
  const zero = given(call, 3);
  const weights = dl.cast(zero ? dl.sub(filter, perFilter(zero, filter)) : filter, 'float32');
  return dl.cast(
    overImages(images, (each) => convolution(call, each, weights)),
    'int32',
  );
}

function quantizedConvolution(call: NodeCall): Tensor {
  const [x, scale, , filter, filterScale, , resultScale] = call.x as Tensor[];
  const images = dequantized(x!, scale!, given(call, 2));
  const filterZero = given(call, 5);
  const weights = dequantized(
    filter!,
    perFilter(filterScale!, filter!),
    filterZero && perFilter(filterZero, filter!),
  );
  const bias = given(call, 8);
  const scaled = bias && dl.mul(dl.cast(bias, 'float32'), dl.mul(scale!, filterScale!));
  const y = overImages(images, (each) => convolution(call, each, weights, scaled));
  return quantized(call, y, resultScale!, given(call, 7));
}

function quantizedProduct(call: NodeCall): Tensor {
  const [a, aScale, , b, bScale, , scale] = call.x as Tensor[];
  const y = product(dequantized(a!, aScale!, given(call, 2)), dequantized(b!, bScale!, given(call, 5)));
  return quantized(call, y, scale!, given(call, 7));
}

export const quantization = (): OpTable => ({
  QuantizeLinear: {
    run: (call) => {
      const axis = call.attributes.number('axis', 1);
      const zero = given(call, 2);
      return quantized(call, call.x[0]!, along(call, call.x[1]!, axis), zero && along(call, zero, axis));
    },
  },
  DequantizeLinear: {
    run: (call) => {
      const [x, scale] = call.x as [Tensor, Tensor];
      const axis = call.attributes.number('axis', 1);
      const block = call.attributes.number('block_size', 0);
      if (block > 0) return inBlocks(call, axisFrom(axis, x.rank), block);
      const zero = given(call, 2);
      return dequantized(x, along(call, scale, axis), zero && along(call, zero, axis));
    },
  },
  DynamicQuantizeLinear: { run: quantizedDynamically },
  MatMulInteger: {
    run: (call) =>
      product(shifted(call.x[0]!, given(call, 2), true), shifted(call.x[1]!, given(call, 3), false)),
  },
  ConvInteger: { run: integerConvolution },
  QLinearConv: { run: quantizedConvolution },
  QLinearMatMul: { run: quantizedProduct },
});

/** Each block of neighbours along an axis has a scale of its own. */
function inBlocks(call: NodeCall, axis: number, block: number): Tensor {
  const [x, scale] = call.x as [Tensor, Tensor];
  const repeated = (each: Tensor): Tensor => {
    const places = Array.from({ length: x.shape[axis]! }, (_, i) => Math.floor(i / block));
    return dl.gather(each, dl.tensor1d(places, 'int32'), axis);
  };
  const zero = given(call, 2);
  return dequantized(x, repeated(scale), zero && repeated(zero));
}
