import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';
import { withoutTaping } from '../../tensor/extent';
import { assertChannelsLast, binary, unary, type OpTable } from './row';

type Unary = (x: Tensor) => Tensor;
type Binary = (a: Tensor, b: Tensor) => Tensor;

/** Arguments of another dtype are converted: TensorFlow's int32 quotients and remainders are as ours. */
const asBool = (x: Tensor): Tensor => (x.dtype === 'bool' ? x : x.cast('bool'));

const unaryOps = {
  Abs: dl.abs, Acos: dl.acos, Acosh: dl.acosh, Asin: dl.asin, Asinh: dl.asinh, Atan: dl.atan, Atanh: dl.atanh, Ceil: dl.ceil,
  Cos: dl.cos, Cosh: dl.cosh, Elu: dl.elu, Erf: dl.erf, Exp: dl.exp, Expm1: dl.expm1, Floor: dl.floor, IsFinite: dl.isFinite,
  IsInf: dl.isInf, IsNan: dl.isNaN, Log: dl.log, Log1p: dl.log1p, LogicalNot: dl.logicalNot, Neg: dl.neg,
  Reciprocal: dl.reciprocal, Inv: dl.reciprocal, Relu: dl.relu, Relu6: dl.relu6, Round: dl.round, Rsqrt: dl.rsqrt, Selu: dl.selu,
  Sigmoid: dl.sigmoid, Sign: dl.sign, Sin: dl.sin, Sinh: dl.sinh, Softplus: dl.softplus, Sqrt: dl.sqrt, Square: dl.square,
  Tan: dl.tan, Tanh: dl.tanh,
} satisfies Record<string, Unary>; // prettier-ignore

const binaryOps = {
  Add: dl.add, AddV2: dl.add, Atan2: dl.atan2, Div: dl.div, DivNoNan: dl.divNoNan, Equal: dl.equal,
  FloorDiv: dl.floorDiv, FloorMod: dl.mod, Greater: dl.greater, GreaterEqual: dl.greaterEqual, Less: dl.less,
  LessEqual: dl.lessEqual, LogicalAnd: dl.logicalAnd, LogicalOr: dl.logicalOr, LogicalXor: dl.logicalXor, Maximum: dl.maximum,
  Minimum: dl.minimum, Mod: dl.mod, Mul: dl.mul, NotEqual: dl.notEqual, Pow: dl.pow, Prelu: dl.prelu, RealDiv: dl.div,
  SquaredDifference: dl.squaredDifference, Sub: dl.sub,
} satisfies Record<string, Binary>; // prettier-ignore

/** Ops that compute each element alone. */
export const elementwise: OpTable = {
  ...Object.fromEntries(Object.entries(unaryOps).map(([name, f]) => [name, unary(f as Unary)])),
  ...Object.fromEntries(Object.entries(binaryOps).map(([name, f]) => [name, binary(f as Binary)])),
  BiasAdd: {
    run: ({ x, attributes }) => {
      assertChannelsLast(attributes);
      return dl.add(x[0]!, x[1]!);
    },
  },
  AddN: { run: ({ x }) => dl.addN([...x]) },
  Cast: { run: ({ x, attributes }) => dl.cast(x[0]!, attributes.dtype('DstT')) },
  ClipByValue: {
    run: ({ x, numbers }) => dl.clipByValue(x[0]!, numbers(1)[0]!, numbers(2)[0]!),
    host: [1, 2],
  },
  LeakyRelu: { run: ({ x, attributes }) => dl.leakyRelu(x[0]!, attributes.number('alpha', 0.2)) },
  Select: { run: ({ x }) => dl.where(asBool(x[0]!), x[1]!, x[2]!) },
  SelectV2: { run: ({ x }) => dl.where(asBool(x[0]!), x[1]!, x[2]!) },
  // In models it is no hint, but a border that gradients do not pass.
  StopGradient: unary((x) => withoutTaping(() => x.clone<Tensor>())),
  ZerosLike: unary(dl.zerosLike),
  OnesLike: unary(dl.onesLike),
  Softmax: unary((x) => dl.softmax(x)),
  LogSoftmax: unary((x) => dl.logSoftmax(x)),
};
