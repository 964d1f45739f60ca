/** The names of the public API, as lists. The names of ops come from their descriptions. */
import { descriptions } from './ops';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Functions, classes and optimizers: all that are not ops. */
const functions = words(`
  variable buffer setSeed getRandomState setRandomState
  grad grads valueAndGrad valueAndGrads variableGrads customGrad
  train.sgd train.momentum train.adagrad train.adadelta train.adam train.adamax train.rmsprop train.adamW train.lion
  SGDOptimizer MomentumOptimizer AdagradOptimizer AdadeltaOptimizer AdamOptimizer AdamaxOptimizer RMSPropOptimizer
  AdamWOptimizer LionOptimizer Optimizer Tensor Variable TensorBuffer
  tidy keep dispose disposeVariables memory profile time nextFrame ready warmUp
  setBackend getBackend backendReport registerBackend removeBackend backend enableDebugMode env
`);

/** Enumerations and their members. */
export const enumerations: Readonly<Record<string, readonly string[]>> = {
  Reduction: ['NONE', 'MEAN', 'SUM', 'SUM_BY_NONZERO_WEIGHTS'],
  'losses.Reduction': ['NONE', 'MEAN', 'SUM', 'SUM_BY_NONZERO_WEIGHTS'],
  Rank: ['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6'],
};

export const functionNames: readonly string[] = [...functions, ...Object.keys(descriptions)];

/** Ops that are methods, without the name of their group. */
const chainable = Object.entries(descriptions)
  .filter(([, { noMethod }]) => noMethod === undefined)
  .map(([name]) => name.replace(/^\w+\./, ''));

export const methodNames: readonly string[] = [
  ...chainable,
  'variable',
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
