import type { Rank } from '../../src/tensor';
import * as ops from '../../src/tensor/ops';
import { makingCall, type SampleCall } from './sample-call';

const gradient = 'makes tensors from nothing';
const floats = 'float32 alone, as in TensorFlow.js';
const atLeastOne = 'wants at least one point';

const pixels = { data: new Uint8ClampedArray([1, 2, 3, 4, 5, 6, 7, 8]), width: 2, height: 1 };
const noPixels = { data: new Uint8ClampedArray(0), width: 0, height: 0 };
const ofPixels = 'pixels have no gradient';

/** A generator for `rand`, which takes one. */
const half = (): number => 0.5;

function fromPixels(f: (source: typeof pixels) => unknown) {
  return makingCall(
    () => f(pixels),
    'a page gives bytes; the result is int32',
    () => f(noPixels),
    ofPixels,
  );
}

function toPixels(f: typeof ops.toPixels) {
  return makingCall(
    () => f([[[0.5, 1, 0]]]),
    () => f(ops.tensor3d([[[5, 255, 0]]], undefined, 'int32')),
    () => f(ops.zeros<Rank.R3>([0, 2, 3])),
    ofPixels,
  );
}

/** Ops that no tensor goes into. */
export const makingCalls: Readonly<Record<string, SampleCall>> = {
  tensor: makingCall(
    () => ops.tensor([1.5, 2]),
    () => ops.tensor([1, 2], [2], 'int32'),
    () => ops.tensor([]),
    gradient,
  ),
  scalar: makingCall(
    () => ops.scalar(1.5),
    () => ops.scalar(2, 'int32'),
    'has one element',
    gradient,
  ),
  tensor1d: makingCall(
    () => ops.tensor1d([1.5]),
    () => ops.tensor1d([2], 'int32'),
    () => ops.tensor1d([]),
    gradient,
  ),
  ...Object.fromEntries(
    ([2, 3, 4, 5, 6] as const).map((rank) => {
      const make = ops[`tensor${rank}d`];
      const shape = (first: number): number[] => [first, ...new Array<number>(rank - 1).fill(1)];
      return [
        `tensor${rank}d`,
        makingCall(
          () => make([1.5, 2], shape(2)),
          () => make([1, 2], shape(2), 'int32'),
          () => make([], shape(0)),
          gradient,
        ),
      ];
    }),
  ),
  fill: makingCall(
    () => ops.fill([2], 1.5),
    () => ops.fill([2], 3, 'int32'),
    () => ops.fill([0, 2], 1),
    gradient,
  ),
  zeros: makingCall(
    () => ops.zeros([2]),
    () => ops.zeros([2], 'int32'),
    () => ops.zeros([0]),
    gradient,
  ),
  ones: makingCall(
    () => ops.ones([2]),
    () => ops.ones([2], 'int32'),
    () => ops.ones([0]),
    gradient,
  ),
  eye: makingCall(
    () => ops.eye(2, 3, [2]),
    () => ops.eye(2, 2, undefined, 'int32'),
    () => ops.eye(0),
    gradient,
  ),
  linspace: makingCall(() => ops.linspace(0, 1, 5), floats, atLeastOne, gradient),
  range: makingCall(
    () => ops.range(0, 2, 0.5),
    () => ops.range(0, 5, 2, 'int32'),
    () => ops.range(1, 1),
    gradient,
  ),
  rand: makingCall(
    () => ops.rand([2], half),
    () => ops.rand([2], half, 'int32'),
    () => ops.rand([0], half),
    gradient,
  ),
  randomNormal: makingCall(
    () => ops.randomNormal([4], 1, 2, 'float32', 7),
    () => ops.randomNormal([4], 1, 200, 'int32', 7),
    () => ops.randomNormal([0]),
    gradient,
  ),
  randomUniform: makingCall(
    () => ops.randomUniform([4], 1, 2, 'float32', 7),
    () => ops.randomUniform([4], 1, 200, 'int32', 7),
    () => ops.randomUniform([0]),
    gradient,
  ),
  randomUniformInt: makingCall(
    () => ops.randomUniformInt([4], 1, 9, 7),
    () => ops.randomUniformInt([4], 1, 9, 8),
    () => ops.randomUniformInt([0], 1, 9),
    gradient,
  ),
  truncatedNormal: makingCall(
    () => ops.truncatedNormal([4], 1, 2, 'float32', 7),
    () => ops.truncatedNormal([4], 1, 200, 'int32', 7),
    () => ops.truncatedNormal([0]),
    gradient,
  ),
  randomGamma: makingCall(
    () => ops.randomGamma([4], 2, 1, 'float32', 7),
    () => ops.randomGamma([4], 20, 1, 'int32', 7),
    () => ops.randomGamma([0], 2),
    gradient,
  ),
  fromPixels: fromPixels(ops.fromPixels),
  fromPixelsAsync: fromPixels(ops.fromPixelsAsync),
  toPixels: toPixels(ops.toPixels),
  'browser.fromPixels': fromPixels(ops.browser.fromPixels),
  'browser.fromPixelsAsync': fromPixels(ops.browser.fromPixelsAsync),
  'browser.toPixels': toPixels(ops.browser.toPixels),
};
