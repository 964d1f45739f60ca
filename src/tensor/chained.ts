/** Puts the ops on the prototype of Tensor as methods. Their types are in chained-methods.ts. */
import type { ChainedMethods } from './chained-methods';
import { groupedForms } from './chained-grouped';
import { shapingForms } from './chained-shaping';
import * as arithmetic from './ops/arithmetic';
import { atan2 } from './ops/atan2';
import * as normalization from './ops/batch-norm';
import { cast, clone } from './ops/cast';
import { concat } from './ops/concat';
import { conv1d } from './ops/conv1d';
import { conv2d, conv2dTranspose } from './ops/conv2d';
import { onesLike, zerosLike } from './ops/creation';
import { diag, oneHot } from './ops/one-hot';
import { cumprod, cumsum } from './ops/cumulative';
import { depthwiseConv2d, separableConv2d } from './ops/depthwise-conv2d';
import { dropout } from './ops/dropout';
import { gather } from './ops/gather';
import { localResponseNormalization } from './ops/local-response-normalization';
import { dot, matMul, matrixTimesVector, outerProduct, vectorTimesMatrix } from './ops/mat-mul';
import { movingAverage } from './ops/moving-average';
import { euclideanNorm, norm } from './ops/norm';
import { mirrorPad, pad } from './ops/pad';
import { pow, powStrict } from './ops/pow';
import { avgPool, maxPool, maxPoolWithArgmax, minPool, pool } from './ops/pool';
import { moments, all, any, argMax, argMin, logSumExp, max, mean, min, prod, sum } from './ops/reduction';
import { multinomial } from './ops/multinomial';
import { broadcastTo, expandDims, reshape, squeeze, tile } from './ops/reshape';
import { reverse, slice, split, stack, unstack } from './ops/slice';
import { logSoftmax, softmax } from './ops/softmax';
import { transpose } from './ops/transpose';
import * as unary from './ops/unary';
import { where } from './ops/where';
import type { Rank } from './rank';
import { Tensor } from './tensor';
import type { TensorInput } from './tensor-like';

type Form = (x: Tensor, ...rest: never[]) => unknown;

/** Each method as a function of the tensor and the method's arguments. A missing method is a compile error. */
const forms = {
  ...arithmetic,
  ...unary,
  ...{ atan2, pow, powStrict },
  ...groupedForms,
  ...shapingForms,
  ...{ softmax, logSoftmax, clone, zerosLike, onesLike, cast, asType: cast },
  toFloat: (x: Tensor) => cast(x, 'float32'),
  toInt: (x: Tensor) => cast(x, 'int32'),
  toBool: (x: Tensor) => cast(x, 'bool'),
  ...{
    reshape,
    expandDims,
    squeeze,
    broadcastTo,
    transpose,
    reverse,
    slice,
    split,
    unstack,
    pad,
    mirrorPad,
    tile,
  },
  ...{
    cumsum,
    cumprod,
    gather,
    oneHot,
    sum,
    mean,
    prod,
    max,
    min,
    all,
    any,
    logSumExp,
    argMax,
    argMin,
    norm,
    euclideanNorm,
  },
  ...{ matMul, dot, outerProduct, matrixTimesVector, vectorTimesMatrix, diag, moments, multinomial },
  ...{ conv1d, conv2d, conv2dTranspose, depthwiseConv2d, separableConv2d },
  ...{ maxPool, avgPool, minPool, maxPoolWithArgmax, pool },
  ...normalization,
  ...{ localResponseNormalization, dropout, movingAverage },
  where: (x: Tensor, condition: TensorInput, other: TensorInput) => where(condition, x, other),
  concat: (x: Tensor, others: TensorInput | readonly TensorInput[], axis?: number) =>
    concat([x, ...listOf(x, others)], axis),
  stack: (x: Tensor, others: TensorInput | readonly TensorInput[], axis?: number) =>
    stack([x, ...listOf(x, others)], axis),
  reshapeAs: (x: Tensor, other: Tensor) => reshape(x, other.shape as number[]),
  flatten: (x: Tensor) => reshape(x, [x.size]),
  asScalar: (x: Tensor) => {
    if (x.size !== 1) throw new Error(`asScalar: the tensor has ${x.size} elements; wanted 1`);
    return reshape(x, []);
  },
  as1D: (x: Tensor) => reshape(x, [x.size]),
  as2D: (x: Tensor, ...shape: number[]) => reshape(x, shape),
  as3D: (x: Tensor, ...shape: number[]) => reshape(x, shape),
  as4D: (x: Tensor, ...shape: number[]) => reshape(x, shape),
  as5D: (x: Tensor, ...shape: number[]) => reshape(x, shape),
} satisfies Record<keyof ChainedMethods<Rank>, Form>;

/** The operands that `x.concat(others)` joins to x: `others` itself, or its elements if one is a tensor or the nesting is deeper than x's rank. */
function listOf(x: Tensor, others: TensorInput | readonly TensorInput[]): readonly TensorInput[] {
  const isList =
    Array.isArray(others) && (others.some((each) => each instanceof Tensor) || depthOf(others) > x.rank);
  return isList ? (others as readonly TensorInput[]) : [others as TensorInput];
}

function depthOf(values: unknown): number {
  if (ArrayBuffer.isView(values)) return 1;
  return Array.isArray(values) ? 1 + depthOf(values[0]) : 0;
}

/** Called once, when the library is loaded. */
export function installChainedMethods(): void {
  for (const [name, form] of Object.entries(forms)) {
    const value = function (this: Tensor, ...rest: unknown[]): unknown {
      return (form as (x: Tensor, ...rest: unknown[]) => unknown)(this, ...rest);
    };
    Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
  }
}
