import type { Rank, Tensor3D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { integer, plain, tensor, type Argument } from '../wrong-arguments/argument';
import { noGradient, noMethod, type Family, type SampleCall } from './description';
import { gives } from './result-rank';

const picture = { data: new Uint8ClampedArray(8), width: 2, height: 1 };
const fromPixels: readonly Argument[] = [
  plain('pixels', picture, [
    { ...picture, width: 3 },
    { data: [1, 2, 3, 4], width: 1, height: 1 },
  ]),
  integer('numChannels', 3, { least: 1, most: 4, presence: 'optional' }),
];
const toPixels: readonly Argument[] = [
  tensor('img', [2, 2, 3], {
    dtypes: ['float32', 'int32'],
    ranks: [2, 3],
    shapes: [[2, 2, 2]],
  }),
  plain('canvas', undefined, [{ width: 1, height: 1 }], 'optional'),
];

const colours = { data: new Uint8ClampedArray([1, 2, 3, 4, 5, 6, 7, 8]), width: 2, height: 1 };
const nothing = { data: new Uint8ClampedArray(0), width: 0, height: 0 };
const reading = (f: (source: typeof colours) => unknown): SampleCall => ({
  call: () => f(colours),
  int32: 'it takes pixels, not tensors; the result is int32',
  empty: () => f(nothing),
});
const drawing = (f: typeof ops.toPixels): SampleCall => ({
  call: () => f([[[0.5, 1, 0]]]),
  int32: () => f(ops.tensor3d([[[5, 255, 0]]], undefined, 'int32')),
  empty: () => f(ops.zeros<Rank.R3>([0, 2, 3])),
});

/** Descriptions of ops that read pixels into tensors, or draw tensors as pixels. */
export const pixels = {
  fromPixels: {
    args: fromPixels,
    rank: gives<Tensor3D>(ops.fromPixels),
    noMethod: noMethod.makes,
    gradient: noGradient.ofPixels,
    sample: reading(ops.fromPixels),
  },
  fromPixelsAsync: {
    args: fromPixels,
    rank: gives<Promise<Tensor3D>>(ops.fromPixelsAsync),
    noMethod: noMethod.makes,
    gradient: noGradient.ofPixels,
    sample: reading(ops.fromPixelsAsync),
  },
  toPixels: {
    args: toPixels,
    rank: gives<Promise<Uint8ClampedArray>>(ops.toPixels),
    gradient: noGradient.ofPixels,
    sample: drawing(ops.toPixels),
  },
  'browser.fromPixels': {
    args: fromPixels,
    rank: gives<Tensor3D>(ops.browser.fromPixels),
    noMethod: noMethod.ofGroup('browser'),
    gradient: noGradient.ofPixels,
    sample: reading(ops.browser.fromPixels),
  },
  'browser.fromPixelsAsync': {
    args: fromPixels,
    rank: gives<Promise<Tensor3D>>(ops.browser.fromPixelsAsync),
    noMethod: noMethod.ofGroup('browser'),
    gradient: noGradient.ofPixels,
    sample: reading(ops.browser.fromPixelsAsync),
  },
  'browser.toPixels': {
    args: toPixels,
    rank: gives<Promise<Uint8ClampedArray>>(ops.browser.toPixels),
    noMethod: noMethod.ofGroup('browser'),
    gradient: noGradient.ofPixels,
    sample: drawing(ops.browser.toPixels),
  },
} satisfies Family;
