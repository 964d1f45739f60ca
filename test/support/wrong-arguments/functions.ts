/** Descriptions of the arguments of functions other than ops. */
import * as dl from '../../../src/tensor';
import { customKernel } from 'rxtensor/custom-kernels';
import { explain, inSegments, recorded } from 'rxtensor/programs';
import {
  choice,
  dataType,
  extents,
  filled,
  flag,
  integer,
  number,
  onlyTensor,
  plain,
  tensor,
  tensors,
  type Argument,
  type Row,
} from './argument';

/** A function, and its arguments. The name in the table is the one with which its messages begin. */
export interface FunctionRow extends Row {
  readonly f: (...args: never[]) => unknown;
  readonly isAsync?: true;
  /** Whether it runs a given function before it can find the fault: kernels may then have run. */
  readonly runs?: true;
}

const square = (x: dl.Tensor): dl.Tensor => x.square();
const f = plain('f', square, 'any function');
const work = plain('work', () => undefined, 'any function');
const floats = { dtypes: ['float32'] } as const;
const dy = tensor('dy', [2], { ...floats, shapes: [[3]], presence: 'optional' });
const x = tensor('x', [2], floats);
// Any shape is right: a further vector would make the number of arguments wrong, not their shapes.
const args = tensors('args', [2], floats);
const sums = plain('f', (...each: dl.Tensor[]) => dl.addN(each), 'any function');

/** Makes a variable for one call, and frees it afterwards. */
function withVariable<T>(call: (w: dl.Variable) => T): T {
  const w = dl.tidy(() => dl.variable(dl.tensor1d([1, 2]), true, 'wrong-arguments'));
  try {
    return call(w);
  } finally {
    w.dispose();
  }
}
function withOptimizer<T>(call: (optimizer: dl.Optimizer) => T): T {
  const optimizer = dl.train.sgd(0.1);
  try {
    return call(optimizer);
  } finally {
    optimizer.dispose();
  }
}
const losing =
  (w: dl.Variable): (() => dl.Scalar) =>
  () =>
    w.square().sum<dl.Scalar>();
const loss = plain('f', 'the loss', 'any function');
const varList = plain('varList', undefined, [[5], ['nonsense'], [null]], 'optional');
/** A function that takes a loss. The valid loss is made together with its variable. */
const ofLoss =
  (call: (optimizer: dl.Optimizer, f: () => dl.Scalar, varList: dl.Variable[]) => unknown) =>
  (given: unknown, variables: dl.Variable[]): unknown =>
    withVariable((w) =>
      withOptimizer((optimizer) =>
        call(optimizer, given === 'the loss' ? losing(w) : (given as () => dl.Scalar), variables),
      ),
    );

const finite = (name: string, valid = 0.5): Argument => number(name, valid, [NaN, Infinity], 'optional');
const rate = (presence: 'required' | 'optional'): Argument =>
  number('learningRate', 0.1, [NaN, Infinity, -1], presence);
const nullableEpsilon = number('epsilon', 1e-7, [NaN, Infinity], 'optional');
const betas = [finite('beta1'), finite('beta2')];

const making: Readonly<Record<keyof typeof dl.train, readonly Argument[]>> = {
  sgd: [rate('required')],
  momentum: [rate('required'), number('momentum', 0.9, [NaN, Infinity]), flag('useNesterov')],
  adagrad: [rate('required'), number('initialAccumulatorValue', 0.1, [NaN, Infinity, -1], 'optional')],
  adadelta: [rate('optional'), finite('rho'), nullableEpsilon],
  adam: [rate('optional'), ...betas, nullableEpsilon],
  adamax: [rate('optional'), ...betas, nullableEpsilon, finite('decay')],
  adamW: [rate('optional'), ...betas, nullableEpsilon, finite('weightDecay')],
  rmsprop: [rate('required'), finite('decay'), finite('momentum'), nullableEpsilon, flag('centered')],
  lion: [rate('optional'), ...betas, finite('weightDecay')],
};
const optimizers = Object.fromEntries(
  Object.entries(making).map(([name, args]): [string, FunctionRow] => [
    name,
    { f: dl.train[name as keyof typeof dl.train], args },
  ]),
);

const gradients = plain('gradients', {}, [
  { nobody: 5 },
  { 'wrong-arguments': 5 },
  { 'wrong-arguments': null },
  [{ name: 'nobody' }],
]);

/** Any string; the argument is left out if `valid` is undefined. */
function ofStrings(name: string, valid: string | undefined): Argument {
  return {
    name,
    isOptional: valid === undefined,
    valid: () => valid,
    wrong: {
      type: [5, {}, ...(valid === undefined ? [] : [null])].map((value) => () => value),
      value: 'any string that is no name yet',
    },
  };
}

const numbers = dl.buffer<dl.Rank.R2>([2, 3]);
const spread = (index: unknown): number[] => (Array.isArray(index) ? index : [index]) as number[];
const index = plain('index', [0, 1], [[2, 0], [0, -1], [0.5, 0], [NaN, 0], [0], [0, 0, 0], ['nonsense', 0]]);
const bufferRows: Readonly<Record<string, FunctionRow>> = {
  'TensorBuffer.set': {
    f: (value: number, at: unknown) => numbers.set(value, ...spread(at)),
    args: [number('value', 1, 'any number'), index],
  },
  'TensorBuffer.get': { f: (at: unknown) => numbers.get(...spread(at)), args: [index] },
  'TensorBuffer.locToIndex': { f: (at: number[]) => numbers.locToIndex(at), args: [index] },
  'TensorBuffer.indexToLoc': {
    f: (position: number) => numbers.indexToLoc(position),
    args: [integer('position', 0, { least: 0, most: 5 })],
  },
};

const { get, getBool, getNumber, set } = dl.env();
const environmentRows: Readonly<Record<string, FunctionRow>> = {
  'env.get': { f: get, args: [choice('name', 'DEBUG', 'required')] },
  'env.getBool': { f: getBool, args: [choice('name', 'DEBUG', 'required')] },
  'env.getNumber': { f: getNumber, args: [choice('name', 'WEBGL_MAX_TEXTURE_SIZE', 'required')] },
  'env.set': {
    f: set,
    args: [choice('name', 'DEBUG', 'required'), plain('value', false, [1, 'true', NaN])],
  },
};

/** Functions of gradients, scopes, variables, optimizers, buffers, settings and backends. */
export const functionRows: Readonly<Record<string, FunctionRow>> = {
  grad: {
    runs: true,
    f: (f: typeof square, x: dl.Tensor, dy: dl.Tensor) => dl.grad(f)(x, dy),
    args: [f, x, dy],
  },
  valueAndGrad: {
    runs: true,
    f: (f: typeof square, x: dl.Tensor, dy: dl.Tensor) => dl.valueAndGrad(f)(x, dy),
    args: [f, x, dy],
  },
  grads: {
    runs: true,
    f: (f: typeof square, args: dl.Tensor[], dy: dl.Tensor) => dl.grads(f)(args, dy),
    args: [sums, args, dy],
  },
  valueAndGrads: {
    runs: true,
    f: (f: typeof square, args: dl.Tensor[], dy: dl.Tensor) => dl.valueAndGrads(f)(args, dy),
    args: [sums, args, dy],
  },
  variableGrads: {
    runs: true,
    f: ofLoss((_, f, varList) => dl.variableGrads(f, varList)),
    args: [loss, varList],
  },
  computeGradients: {
    runs: true,
    f: ofLoss((optimizer, f, varList) => optimizer.computeGradients(f, varList)),
    args: [loss, varList],
  },
  minimize: {
    runs: true,
    f: ofLoss((optimizer, f, varList) => optimizer.minimize(f, false, varList)),
    args: [loss, varList],
  },
  applyGradients: {
    f: (given: dl.NamedTensorMap, onlyIf: dl.Tensor) =>
      withVariable(() => withOptimizer((optimizer) => optimizer.applyGradients(given, onlyIf))),
    args: [
      gradients,
      onlyTensor('onlyIf', [], { dtype: 'bool', dtypes: ['bool'], ranks: [0], presence: 'optional' }),
    ],
  },
  setWeights: {
    f: (given: { name: string; tensor: dl.Tensor }[]) =>
      withOptimizer((optimizer) => optimizer.setWeights(given)),
    args: [
      {
        ...plain('weights', [], [[], ['nonsense'], [null], [{ name: 'nobody' }], [{ name: 'iter' }]]),
        valid: () => [{ name: 'iter', tensor: filled([]) }],
      },
    ],
    isAsync: true,
  },
  ...optimizers,
  customGrad: {
    f: (given: (x: dl.Tensor) => dl.CustomGradient, ...args: dl.Tensor[]) =>
      dl.customGrad(given as never)(...args),
    args: [
      plain('f', (x: dl.Tensor) => ({ value: x.square(), gradFunc: square }), 'any function'),
      tensor('args', [2]),
    ],
  },

  tidy: { f: dl.tidy, args: [work] },
  keep: { f: dl.keep, args: [onlyTensor('tensor', [2])] },
  variable: {
    f: dl.variable,
    args: [tensor('initialValue', [2]), flag('trainable'), ofStrings('name', undefined), dataType()],
  },
  assign: {
    f: (value: dl.Tensor) => withVariable((w) => w.assign(value).isDisposed),
    args: [onlyTensor('value', [2], { ...floats, shapes: [[3], [1, 2]] })],
  },
  buffer: {
    f: dl.buffer,
    args: [
      extents('shape', [2]),
      dataType(),
      plain('values', new Float32Array(2), [new Float32Array(3)], 'optional'),
    ],
  },
  ...bufferRows,

  ...environmentRows,
  enableDebugMode: {
    f: dl.enableDebugMode,
    args: [
      {
        name: 'options',
        isOptional: true,
        valid: () => ({}),
        wrong: {
          type: [5, 'nonsense', () => 1].map((value) => () => value),
          value: 'any record, of which it reads one flag',
        },
      },
    ],
  },
  largestTensors: {
    f: (count: number) => {
      dl.enableDebugMode({ log: false });
      try {
        return dl.largestTensors(count);
      } finally {
        dl.disableDebugMode();
      }
    },
    args: [integer('count', 10, { least: 0, presence: 'optional' })],
  },
  setSeed: { f: dl.setSeed, args: [number('seed', 7, [NaN, Infinity])] },
  setRandomState: {
    f: dl.setRandomState,
    args: [
      plain('state', dl.getRandomState(), [
        { seed: [1], counter: 0 },
        { seed: [1, 2], counter: -1 },
      ]),
    ],
  },
  time: { f: dl.time, args: [work], isAsync: true },
  profile: { f: dl.profile, args: [f], isAsync: true },
  warmUp: {
    f: dl.warmUp,
    args: [
      plain('f', () => undefined, 'any function'),
      {
        name: 'examples',
        valid: () => undefined,
        wrong: { type: 'what the function takes', value: 'what the function takes' },
      },
    ],
    isAsync: true,
  },
  customKernel: {
    f: (name: string, inputs: string[], shape: () => number[], cpu: () => void) =>
      customKernel({ name, inputs, shape, cpu }),
    args: [
      ofStrings('name', 'wrong-arguments'),
      plain('inputs', ['x'], [['x', 'x'], ['output'], ['two words']]),
      plain('shape', () => [1], 'any function'),
      plain('cpu', () => undefined, 'any function'),
    ],
  },
  recorded: {
    f: (...args: Parameters<typeof recorded>) => {
      recorded(...args).dispose();
    },
    args: [
      f,
      {
        name: 'options',
        isOptional: true,
        valid: () => ({}),
        wrong: {
          type: [5, 'nonsense', () => 1].map((value) => () => value),
          value: 'an error names the option: refusals.spec.ts',
        },
      },
    ],
  },
  explain: {
    f: explain,
    args: [
      plain(
        'f',
        recorded(() => null),
        [() => null],
      ),
      {
        name: 'args',
        isOptional: true,
        valid: () => [],
        wrong: {
          type: [5, 'nonsense', () => 1].map((value) => () => value),
          value: 'arguments of another call are shown without times',
        },
      },
    ],
  },
  inSegments: {
    f: (...args: Parameters<typeof inSegments>) => {
      inSegments(...args).dispose();
    },
    args: [
      ...['before', 'host', 'after'].map((name) => ({ ...f, name })),
      {
        name: 'options',
        isOptional: true,
        valid: () => ({}),
        wrong: {
          type: [5, 'nonsense', () => 1].map((value) => () => value),
          value: 'an error names the option: refusals.spec.ts',
        },
      },
    ],
  },
  setBackend: { f: dl.setBackend, args: [choice('name', dl.getBackend(), 'required')] },
  registerBackend: {
    f: (...args: Parameters<typeof dl.registerBackend>) => {
      dl.registerBackend(...args);
      dl.removeBackend(args[0]);
    },
    args: [
      ofStrings('name', 'wrong-arguments'),
      plain('create', () => null, 'any function'),
      number('priority', 0, 'any number', 'optional'),
    ],
  },
};
