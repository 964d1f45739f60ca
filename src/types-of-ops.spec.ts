// What the compiler knows of the rank of every op's result, as tables that it checks: an op that forgets the rank does not fit its
// table. Calls, and what comes out of them, are in types.spec.ts.
import * as dl from 'rxtensor';
import { opNames } from '../test/support/op-names';

type From<T extends dl.Tensor, Result = T> = (x: T, ...rest: never[]) => Result;
type Gives<Result> = (...args: never[]) => Result;
type Functions<F> = Readonly<Record<string, F>>;

const { image, linalg, math, browser } = dl;

/** A tensor of any rank in, one of the same rank out. */
const keepingRank = {
  ...{ abs: dl.abs, acos: dl.acos, acosh: dl.acosh, asin: dl.asin, asinh: dl.asinh, atan: dl.atan },
  ...{ atanh: dl.atanh, ceil: dl.ceil, cos: dl.cos, cosh: dl.cosh, elu: dl.elu, erf: dl.erf, exp: dl.exp },
  ...{ expm1: dl.expm1, floor: dl.floor, isFinite: dl.isFinite, isInf: dl.isInf, isNaN: dl.isNaN },
  ...{ leakyRelu: dl.leakyRelu, log: dl.log, log1p: dl.log1p, logicalNot: dl.logicalNot, neg: dl.neg },
  ...{ logSigmoid: dl.logSigmoid, reciprocal: dl.reciprocal, relu: dl.relu, relu6: dl.relu6 },
  ...{ round: dl.round, rsqrt: dl.rsqrt, selu: dl.selu, sigmoid: dl.sigmoid, sign: dl.sign, sin: dl.sin },
  ...{ sinh: dl.sinh, softplus: dl.softplus, sqrt: dl.sqrt, square: dl.square, step: dl.step, tan: dl.tan },
  ...{ tanh: dl.tanh, clipByValue: dl.clipByValue, cast: dl.cast, clone: dl.clone, dropout: dl.dropout },
  ...{ cumprod: dl.cumprod, cumsum: dl.cumsum, softmax: dl.softmax, logSoftmax: dl.logSoftmax },
  ...{ zerosLike: dl.zerosLike, onesLike: dl.onesLike, movingAverage: dl.movingAverage },
  ...{ pad: dl.pad, mirrorPad: dl.mirrorPad, reverse: dl.reverse, slice: dl.slice, tile: dl.tile },
  ...{ transpose: dl.transpose, batchToSpaceND: dl.batchToSpaceND, spaceToBatchND: dl.spaceToBatchND },
  ...{ gather: dl.gather, tensorScatterUpdate: dl.tensorScatterUpdate, denseBincount: dl.denseBincount },
  ...{ unsortedSegmentSum: dl.unsortedSegmentSum, conv1d: dl.conv1d, 'linalg.bandPart': linalg.bandPart },
  ...{ batchNorm: dl.batchNorm, batchNormalization: dl.batchNormalization },
  ...{ batchNorm2d: dl.batchNorm2d, batchNormalization2d: dl.batchNormalization2d },
} satisfies Functions<From<dl.Tensor2D>>;

/** The same for images, alone or in a batch. */
const keepingImages = {
  ...{ conv2d: dl.conv2d, conv2dTranspose: dl.conv2dTranspose, depthwiseConv2d: dl.depthwiseConv2d },
  ...{ separableConv2d: dl.separableConv2d, localResponseNormalization: dl.localResponseNormalization },
  ...{ avgPool: dl.avgPool, maxPool: dl.maxPool, minPool: dl.minPool, pool: dl.pool },
  'image.resizeBilinear': image.resizeBilinear,
  'image.resizeNearestNeighbor': image.resizeNearestNeighbor,
  'image.flipLeftRight': image.flipLeftRight,
  'image.grayscaleToRGB': image.grayscaleToRGB,
  'image.rgbToGrayscale': image.rgbToGrayscale,
} satisfies Functions<From<dl.Tensor3D>> & Functions<From<dl.Tensor4D>>;

/** What is a list, a pair or a record of results. */
const keepingRanks = {
  split: dl.split satisfies From<dl.Tensor2D, dl.Tensor2D[]>,
  topk: dl.topk satisfies From<dl.Tensor2D, { values: dl.Tensor2D; indices: dl.Tensor2D }>,
  unique: dl.unique satisfies From<dl.Tensor2D, { values: dl.Tensor2D; indices: dl.Tensor1D }>,
  'linalg.qr': linalg.qr satisfies From<dl.Tensor2D, [dl.Tensor2D, dl.Tensor2D]>,
  maxPoolWithArgmax: dl.maxPoolWithArgmax satisfies From<
    dl.Tensor4D,
    { result: dl.Tensor4D; indexes: dl.Tensor4D }
  >,
};

type OfValues<T extends dl.Tensor> = (sortedSequence: dl.Tensor, values: T, ...rest: never[]) => T;
const keepingRankOfValues = {
  searchSorted: dl.searchSorted,
  lowerBound: dl.lowerBound,
  upperBound: dl.upperBound,
} satisfies Functions<OfValues<dl.Tensor2D>>;

/** Of two tensors, as `add`; that one is called in types.spec.ts. */
const likeAdd = {
  ...{ add: dl.add, sub: dl.sub, mul: dl.mul, div: dl.div, divNoNan: dl.divNoNan, floorDiv: dl.floorDiv },
  ...{ mod: dl.mod, pow: dl.pow, maximum: dl.maximum, minimum: dl.minimum, atan2: dl.atan2 },
  ...{ squaredDifference: dl.squaredDifference, prelu: dl.prelu, bitwiseAnd: dl.bitwiseAnd },
  ...{ equal: dl.equal, notEqual: dl.notEqual, less: dl.less, lessEqual: dl.lessEqual },
  ...{ greater: dl.greater, greaterEqual: dl.greaterEqual, logicalAnd: dl.logicalAnd },
  ...{ logicalOr: dl.logicalOr, logicalXor: dl.logicalXor, addStrict: dl.addStrict, subStrict: dl.subStrict },
  ...{ mulStrict: dl.mulStrict, divStrict: dl.divStrict, modStrict: dl.modStrict, powStrict: dl.powStrict },
  ...{ maximumStrict: dl.maximumStrict, minimumStrict: dl.minimumStrict, equalStrict: dl.equalStrict },
  ...{ squaredDifferenceStrict: dl.squaredDifferenceStrict, notEqualStrict: dl.notEqualStrict },
  ...{ lessStrict: dl.lessStrict, lessEqualStrict: dl.lessEqualStrict, greaterStrict: dl.greaterStrict },
  greaterEqualStrict: dl.greaterEqualStrict,
} satisfies Functions<typeof dl.add>;

const giving0 = { scalar: dl.scalar } satisfies Functions<Gives<dl.Scalar>>;
const giving1 = {
  ...{ tensor1d: dl.tensor1d, linspace: dl.linspace, range: dl.range, bincount: dl.bincount },
  ...{ matrixTimesVector: dl.matrixTimesVector, vectorTimesMatrix: dl.vectorTimesMatrix },
  ...{ slice1d: dl.slice1d, pad1d: dl.pad1d, reverse1d: dl.reverse1d, concat1d: dl.concat1d },
  ...{ broadcastArgs: dl.broadcastArgs, 'image.nonMaxSuppression': image.nonMaxSuppression },
} satisfies Functions<Gives<dl.Tensor1D>>;
const giving2 = {
  ...{ tensor2d: dl.tensor2d, outerProduct: dl.outerProduct, confusionMatrix: dl.confusionMatrix },
  ...{ slice2d: dl.slice2d, pad2d: dl.pad2d, reverse2d: dl.reverse2d, concat2d: dl.concat2d },
  'math.confusionMatrix': math.confusionMatrix,
} satisfies Functions<Gives<dl.Tensor2D>>;
const giving3 = {
  ...{ tensor3d: dl.tensor3d, slice3d: dl.slice3d, pad3d: dl.pad3d, reverse3d: dl.reverse3d },
  ...{ concat3d: dl.concat3d, fromPixels: dl.fromPixels, 'image.threshold': image.threshold },
  ...{ 'browser.fromPixels': browser.fromPixels },
  ...{ batchNorm3d: dl.batchNorm3d, batchNormalization3d: dl.batchNormalization3d },
} satisfies Functions<Gives<dl.Tensor3D>>;
const giving4 = {
  ...{ tensor4d: dl.tensor4d, slice4d: dl.slice4d, pad4d: dl.pad4d, reverse4d: dl.reverse4d },
  ...{ concat4d: dl.concat4d, depthToSpace: dl.depthToSpace, 'image.transform': image.transform },
  'image.cropAndResize': image.cropAndResize,
  'image.rotateWithOffset': image.rotateWithOffset,
  ...{ batchNorm4d: dl.batchNorm4d, batchNormalization4d: dl.batchNormalization4d },
} satisfies Functions<Gives<dl.Tensor4D>>;
const giving5 = { tensor5d: dl.tensor5d } satisfies Functions<Gives<dl.Tensor5D>>;
const giving6 = { tensor6d: dl.tensor6d } satisfies Functions<Gives<dl.Tensor6D>>;

const givingOthers = {
  fromPixelsAsync: dl.fromPixelsAsync satisfies Gives<Promise<dl.Tensor3D>>,
  'browser.fromPixelsAsync': browser.fromPixelsAsync satisfies Gives<Promise<dl.Tensor3D>>,
  toPixels: dl.toPixels satisfies Gives<Promise<Uint8ClampedArray>>,
  'browser.toPixels': browser.toPixels satisfies Gives<Promise<Uint8ClampedArray>>,
  print: dl.print satisfies Gives<void>,
  meshgrid: dl.meshgrid satisfies Gives<dl.Tensor2D[]>,
  multinomial: dl.multinomial satisfies Gives<dl.Tensor1D | dl.Tensor2D>,
  basicLSTMCell: dl.basicLSTMCell satisfies Gives<[dl.Tensor2D, dl.Tensor2D]>,
  multiRNNCell: dl.multiRNNCell satisfies Gives<[dl.Tensor2D[], dl.Tensor2D[]]>,
  setdiff1dAsync: dl.setdiff1dAsync satisfies Gives<Promise<[dl.Tensor1D, dl.Tensor1D]>>,
  whereAsync: dl.whereAsync satisfies Gives<Promise<dl.Tensor2D>>,
  'linalg.gramSchmidt': linalg.gramSchmidt satisfies Gives<dl.Tensor2D | dl.Tensor1D[]>,
  'image.nonMaxSuppressionAsync': image.nonMaxSuppressionAsync satisfies Gives<Promise<dl.Tensor1D>>,
  'image.nonMaxSuppressionWithScore': image.nonMaxSuppressionWithScore satisfies Gives<{
    selectedIndices: dl.Tensor1D;
    selectedScores: dl.Tensor1D;
  }>,
  'image.nonMaxSuppressionWithScoreAsync': image.nonMaxSuppressionWithScoreAsync satisfies Gives<
    Promise<{ selectedIndices: dl.Tensor1D; selectedScores: dl.Tensor1D }>
  >,
  'image.nonMaxSuppressionPadded': image.nonMaxSuppressionPadded satisfies Gives<{
    selectedIndices: dl.Tensor1D;
    validOutputs: dl.Scalar;
  }>,
  'image.nonMaxSuppressionPaddedAsync': image.nonMaxSuppressionPaddedAsync satisfies Gives<
    Promise<{ selectedIndices: dl.Tensor1D; validOutputs: dl.Scalar }>
  >,
};

/** The rank follows from a value: a type argument names it, as in TensorFlow.js (`x.sum<dl.Scalar>()`, `dl.zeros<dl.Rank.R2>([2, 3])`). */
const namedByTheCaller = {
  shape: `tensor fill zeros ones eye rand randomUniform randomUniformInt randomNormal truncatedNormal randomGamma
    reshape broadcastTo ensureShape scatterND`,
  axes: 'all any argMax argMin logSumExp max mean min prod sum expandDims squeeze unstack',
  'the larger operand': 'matMul fused.matMul where addN concat fused.conv2d fused.depthwiseConv2d',
};

/** The rank follows from a value, and the result is a `Tensor`, as in TensorFlow.js. */
const unknown = {
  'the equation': 'einsum',
  'axes and keepDims': 'norm euclideanNorm moments',
  masks: 'stridedSlice booleanMaskAsync',
  'the last extent of the indices': 'gatherND',
  'one more or twice as many, of which TypeScript keeps no count': 'stack oneHot diag',
  'both operands': 'dot',
  'the reduction': `losses.absoluteDifference losses.computeWeightedLoss losses.cosineDistance losses.hingeLoss losses.huberLoss
    losses.logLoss losses.meanSquaredError losses.sigmoidCrossEntropy losses.softmaxCrossEntropy`,
};

const words = (table: Readonly<Record<string, string>>): string[] =>
  Object.values(table).flatMap((text) => text.split(/\s+/));

describe('the types of ops', () => {
  it('are looked at for every op, once', () => {
    const tables: object[] = [keepingRank, keepingImages, keepingRanks, keepingRankOfValues, likeAdd];
    tables.push(giving0, giving1, giving2, giving3, giving4, giving5, giving6, givingOthers);
    const found = [
      ...tables.flatMap((table) => Object.keys(table)),
      ...words(namedByTheCaller),
      ...words(unknown),
    ];
    expect(found.filter((name, i) => found.indexOf(name) !== i)).toEqual([]);
    expect(found.filter((name) => !opNames.includes(name))).toEqual([]);
    expect(opNames.filter((name) => !found.includes(name))).toEqual([]);
  });

  it('could be wrong: a result of any rank is none of rank 2', () => {
    // @ts-expect-error: the rank of a norm is not known
    const norm = dl.norm satisfies From<dl.Tensor2D>;
    // @ts-expect-error: neither is it 3 where it is 2
    const relu = dl.relu satisfies From<dl.Tensor2D, dl.Tensor3D>;
    expect([norm, relu].every((each) => typeof each === 'function')).toBeTrue();
  });
});
