/** Ops that have no gradient, and why. */
export const constants: Record<string, readonly string[]> = {
  'make tensors from nothing': [
    ...[
      'tensor',
      'scalar',
      'tensor1d',
      'tensor2d',
      'tensor3d',
      'tensor4d',
      'tensor5d',
      'tensor6d',
      'fill',
      'zeros',
      'ones',
      'eye',
      'linspace',
      'range',
    ],
    ...['rand', 'randomNormal', 'randomUniform', 'randomUniformInt', 'truncatedNormal', 'randomGamma'],
  ],
  'depend on the shape alone': ['zerosLike', 'onesLike'],
  'give bool or int32': [
    ...[
      'isNaN',
      'isInf',
      'isFinite',
      'logicalNot',
      'equal',
      'notEqual',
      'less',
      'lessEqual',
      'greater',
      'greaterEqual',
    ],
    ...['logicalAnd', 'logicalOr', 'logicalXor', 'bitwiseAnd', 'all', 'any', 'argMax', 'argMin', 'oneHot'],
  ],
  'give places or counts in int32': [
    ...[
      'multinomial',
      'searchSorted',
      'lowerBound',
      'upperBound',
      'confusionMatrix',
      'math.confusionMatrix',
      'image.threshold',
    ],
  ],
  'are host ops, which are never recorded': [
    ...['unique', 'setdiff1dAsync', 'whereAsync', 'booleanMaskAsync', 'broadcastArgs'],
    ...['', 'WithScore', 'Padded'].flatMap((form) => [
      `image.nonMaxSuppression${form}`,
      `image.nonMaxSuppression${form}Async`,
    ]),
  ],
  'are about pixels of a page': ['', 'browser.'].flatMap((group) => [
    ...[`${group}fromPixels`, `${group}fromPixelsAsync`, `${group}toPixels`],
  ]),
  'give nothing': ['print'],
};
