const literal = 'it makes a tensor of values, which each comparison does';
const random = 'another generator by design: its distribution is tested in ops/random.spec.ts';
const asynchronous = 'the form that does not block, whose row is that of the form that does';
const numpy = 'TensorFlow.js has no such op: its spec compares it with NumPy';
const pixels = 'needs a canvas: ops/pixels.spec.ts';

/** Ops that are not compared, and why. */
export const withoutOracle: Readonly<Record<string, string>> = {
  tensor: literal,
  scalar: literal,
  tensor1d: literal,
  tensor2d: literal,
  tensor3d: literal,
  tensor4d: literal,
  tensor5d: literal,
  tensor6d: literal,
  cholesky: numpy,
  eigh: numpy,
  histogram: numpy,
  inverse: numpy,
  ravelIndex: 'the inverse of unravelIndex, as its spec tests',
  solve: numpy,
  svd: numpy,
  triangularSolve: numpy,
  print: 'it gives no tensor',
  rand: random,
  randomGamma: random,
  randomNormal: random,
  randomUniform: random,
  randomUniformInt: random,
  truncatedNormal: random,
  multinomial: random,
  dropout: random,
  fromPixels: pixels,
  fromPixelsAsync: pixels,
  toPixels: pixels,
  'browser.fromPixels': pixels,
  'browser.fromPixelsAsync': pixels,
  'browser.toPixels': pixels,
  'image.nonMaxSuppressionAsync': asynchronous,
  'image.nonMaxSuppressionWithScoreAsync': asynchronous,
  'image.nonMaxSuppressionPaddedAsync': asynchronous,
  'linalg.gramSchmidt': 'unique up to signs: ops/linalg.spec.ts',
  'linalg.qr': 'unique up to signs: ops/linalg.spec.ts',
  booleanMaskAsync: 'no row waits for a promise: ops/host/host-ops.spec.ts',
  setdiff1dAsync: 'no row waits for a promise: ops/host/host-ops.spec.ts',
  whereAsync: 'no row waits for a promise: ops/host/host-ops.spec.ts',
  multiRNNCell: 'it calls the cells that it is given, and computes nothing itself',
};
