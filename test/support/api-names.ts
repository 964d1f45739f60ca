/** The names that a user of TensorFlow.js types, as a list: the library has each, whatever else it has. */

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Ops whose first argument is a tensor: functions, and methods of tensors. */
const chainable = words(`
  variable zerosLike onesLike oneHot clone print diag multinomial toPixels
  reshape expandDims squeeze cast transpose concat stack unstack split slice slice1d slice2d slice3d slice4d stridedSlice
  pad pad1d pad2d pad3d pad4d mirrorPad tile reverse reverse1d reverse2d reverse3d reverse4d
  gather gatherND booleanMaskAsync whereAsync scatterND tensorScatterUpdate
  batchToSpaceND spaceToBatchND depthToSpace broadcastTo broadcastArgs ensureShape meshgrid setdiff1dAsync unique
  searchSorted lowerBound upperBound bincount denseBincount unsortedSegmentSum topk
  add sub mul div divNoNan floorDiv mod pow maximum minimum squaredDifference atan2 prelu bitwiseAnd
  equal notEqual less lessEqual greater greaterEqual logicalAnd logicalOr logicalXor logicalNot where
  addStrict subStrict mulStrict divStrict modStrict powStrict maximumStrict minimumStrict squaredDifferenceStrict
  equalStrict notEqualStrict lessStrict lessEqualStrict greaterStrict greaterEqualStrict
  abs neg sign ceil floor round reciprocal square sqrt rsqrt exp expm1 log log1p erf sin cos tan asin acos atan
  sinh cosh tanh asinh acosh atanh relu relu6 elu selu leakyRelu sigmoid logSigmoid softplus step clipByValue
  isNaN isInf isFinite
  sum mean prod min max all any argMin argMax logSumExp moments norm euclideanNorm cumsum cumprod softmax logSoftmax
  movingAverage dropout
  matMul dot outerProduct matrixTimesVector vectorTimesMatrix
  conv1d conv2d conv2dTranspose depthwiseConv2d separableConv2d pool maxPool avgPool minPool maxPoolWithArgmax
  batchNorm batchNorm2d batchNorm3d batchNorm4d
  batchNormalization batchNormalization2d batchNormalization3d batchNormalization4d
  localResponseNormalization basicLSTMCell
`);

/** The same, in a group: as methods they have their last name. */
const chainableInGroups = words(`
  browser.toPixels math.confusionMatrix linalg.bandPart linalg.gramSchmidt linalg.qr
  image.resizeBilinear image.resizeNearestNeighbor image.cropAndResize image.flipLeftRight image.rotateWithOffset image.transform
  image.grayscaleToRGB image.rgbToGrayscale image.threshold image.nonMaxSuppression image.nonMaxSuppressionAsync
  image.nonMaxSuppressionWithScore image.nonMaxSuppressionWithScoreAsync
  image.nonMaxSuppressionPadded image.nonMaxSuppressionPaddedAsync
  losses.absoluteDifference losses.computeWeightedLoss losses.cosineDistance losses.hingeLoss losses.huberLoss losses.logLoss
  losses.meanSquaredError losses.sigmoidCrossEntropy losses.softmaxCrossEntropy
`);

/** What takes no tensor, or a list or a record of them. */
const functions = words(`
  tensor scalar tensor1d tensor2d tensor3d tensor4d tensor5d tensor6d buffer fill zeros ones eye linspace range
  setSeed getRandomState setRandomState rand randomNormal randomUniform randomUniformInt truncatedNormal randomGamma
  fromPixels browser.fromPixels concat1d concat2d concat3d concat4d addN einsum multiRNNCell
  fused.matMul fused.conv2d fused.depthwiseConv2d
  grad grads valueAndGrad valueAndGrads variableGrads customGrad
  train.sgd train.momentum train.adagrad train.adadelta train.adam train.adamax train.rmsprop train.adamW train.lion
  SGDOptimizer MomentumOptimizer AdagradOptimizer AdadeltaOptimizer AdamOptimizer AdamaxOptimizer RMSPropOptimizer
  AdamWOptimizer LionOptimizer Optimizer Tensor Variable TensorBuffer
  tidy keep dispose disposeVariables memory profile time nextFrame ready
  setBackend getBackend registerBackend removeBackend backend enableDebugMode env
`);

/** Enumerations, with the members of each. */
export const enumerations: Readonly<Record<string, readonly string[]>> = {
  Reduction: ['NONE', 'MEAN', 'SUM', 'SUM_BY_NONZERO_WEIGHTS'],
  'losses.Reduction': ['NONE', 'MEAN', 'SUM', 'SUM_BY_NONZERO_WEIGHTS'],
  Rank: ['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6'],
};

export const functionNames: readonly string[] = [...functions, ...chainable, ...chainableInGroups];

export const methodNames: readonly string[] = [
  ...chainable,
  ...chainableInGroups.map((name) => name.split('.').at(-1)),
  ...words('data dataSync array arraySync buffer toString dispose flatten asScalar as1D as2D as3D as4D as5D'),
  ...words('asType toFloat toInt toBool reshapeAs'),
];

/** Properties of every tensor. */
export const tensorProperties: readonly string[] = words('shape rank dtype size strides id isDisposed');

export const variableMembers: readonly string[] = words('assign trainable name dispose');

export const optimizerMethods: readonly string[] = words(
  'minimize computeGradients applyGradients setLearningRate getWeights setWeights dispose',
);

export const environmentMethods: readonly string[] = words('get set');
