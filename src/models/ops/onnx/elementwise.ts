import * as dl from '../../../tensor';
import type { Tensor } from '../../../tensor';
import { elementTypeOf } from '../../formats/onnx/element-types';
import { elementwise as tensorFlow } from '../elementwise';
import { gelu } from '../gelu';
import { binary, rowsOf, unary, type NodeCall, type OpRow, type OpTable } from '../row';
import { given, optionalNumbers } from './call';

/** An op of any number of inputs. */
const several = (f: (a: Tensor, b: Tensor) => Tensor): OpRow => ({
  run: ({ x }) => x.slice(1).reduce(f, x[0]!),
});
/** A function with settings, which have defaults. */
const settled = (
  f: (x: Tensor, ...settings: number[]) => Tensor,
  settings: Readonly<Record<string, number>>,
): OpRow => ({
  run: ({ x, attributes }) =>
    f(x[0]!, ...Object.entries(settings).map(([name, otherwise]) => attributes.number(name, otherwise))),
});

/** Ops that TensorFlow has, too: by the same name, or by another. */
const same =
  'Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Erf Exp Floor Log Neg Reciprocal Relu Round Sigmoid Sign Sin Sinh Softplus Sqrt Tan Tanh Add Sub Mul Equal Greater Less';
const otherwise = {
  IsNaN: 'IsNan', Not: 'LogicalNot', PRelu: 'Prelu', GreaterOrEqual: 'GreaterEqual', LessOrEqual: 'LessEqual',
  And: 'LogicalAnd', Or: 'LogicalOr', Xor: 'LogicalXor', Where: 'Select',
}; // prettier-ignore

const clip = (x: Tensor, from: number, to: number): Tensor => dl.clipByValue(x, from, to);

/** A quotient of integers is rounded towards zero. */
function quotient(a: Tensor, b: Tensor): Tensor {
  if (a.dtype !== 'int32' || b.dtype !== 'int32') return dl.div(a, b);
  const isOpposite = dl.notEqual(dl.less(a, 0), dl.less(b, 0));
  const floor = dl.floorDiv(a, b);
  const isInexact = dl.notEqual(dl.mul(floor, b), a);
  return dl.add(floor, dl.cast(dl.logicalAnd(isOpposite, isInexact), 'int32'));
}

/** The remainder with the sign of the divisor, or, as C's fmod, with that of the dividend. */
function remainder({ x, attributes }: NodeCall): Tensor {
  const [a, b] = x as [Tensor, Tensor];
  if (attributes.number('fmod', 0) === 0) return dl.mod(a, b);
  return dl.mul(dl.sign(a), dl.mod(dl.abs(a), dl.abs(b)));
}

const swish = (x: Tensor, alpha: number): Tensor => dl.mul(x, dl.sigmoid(alpha === 1 ? x : dl.mul(x, alpha)));

/** As its first operand. */
function power(a: Tensor, b: Tensor): Tensor {
  const result = dl.pow(a, b);
  return result.dtype === a.dtype ? result : dl.cast(result, a.dtype);
}

/** Ops that compute each element alone. */
export const elementwise = (): OpTable => ({
  ...rowsOf(tensorFlow, { ...Object.fromEntries(same.split(' ').map((name) => [name, name])), ...otherwise }),
  Div: binary(quotient),
  Mod: { run: remainder },
  Pow: binary(power),
  Max: several(dl.maximum),
  Min: several(dl.minimum),
  Sum: several(dl.add),
  Mean: {
    run: ({ x }) =>
      dl.div(
        x.slice(1).reduce<Tensor>((a, b) => dl.add(a, b), x[0]!),
        x.length,
      ),
  },
  Celu: settled((x, alpha) => dl.mul(dl.elu(dl.div(x, alpha)), alpha), { alpha: 1 }),
  Elu: settled((x, alpha) => (alpha === 1 ? dl.elu(x) : dl.add(dl.relu(x), dl.mul(alpha, dl.elu(dl.minimum(x, 0))))), { alpha: 1 }), // prettier-ignore
  Gelu: { run: ({ x, attributes }) => gelu(x[0]!, attributes.text('approximate', 'none') === 'tanh') },
  HardSigmoid: settled((x, alpha, beta) => clip(dl.add(dl.mul(x, alpha), beta), 0, 1), {
    alpha: 0.2,
    beta: 0.5,
  }),
  HardSwish: unary((x) => dl.mul(x, clip(dl.add(dl.mul(x, 1 / 6), 0.5), 0, 1))),
  LeakyRelu: settled((x, alpha) => dl.leakyRelu(x, alpha), { alpha: 0.01 }),
  Mish: unary((x) => dl.mul(x, dl.tanh(dl.softplus(x)))),
  Selu: settled(
    (x, alpha, gamma) => dl.mul(gamma, dl.add(dl.relu(x), dl.mul(alpha, dl.elu(dl.minimum(x, 0))))),
    { alpha: 1.6732632423543772, gamma: 1.0507009873554805 },
  ),
  Shrink: settled(
    (x, lambd, bias) =>
      dl.where(dl.less(x, -lambd), dl.add(x, bias), dl.where(dl.greater(x, lambd), dl.sub(x, bias), dl.zerosLike(x))),
    { lambd: 0.5, bias: 0 },
  ), // prettier-ignore
  Softsign: unary((x) => dl.div(x, dl.add(dl.abs(x), 1))),
  Swish: settled(swish, { alpha: 1 }),
  ThresholdedRelu: settled((x, alpha) => dl.where(dl.greater(x, alpha), x, dl.zerosLike(x)), { alpha: 1 }),
  IsInf: settled(
    (x, negative, positive) => {
      const isWanted = (sign: number): number => (sign === 0 ? 0 : 1);
      const found = dl.where(dl.less(x, 0), isWanted(negative), isWanted(positive));
      return dl.logicalAnd(dl.isInf(x), dl.cast(found, 'bool'));
    },
    { detect_negative: 1, detect_positive: 1 },
  ),
  Cast: { run: ({ x, attributes }) => dl.cast(x[0]!, elementTypeOf(attributes.number('to', 1)).dtype) },
  CastLike: { run: ({ x }) => dl.cast(x[0]!, x[1]!.dtype) },
  Clip: {
    run: (call) => {
      const { x, attributes } = call;
      const [from = attributes.number('min', -Infinity)] = optionalNumbers(call, 1);
      const [to = attributes.number('max', Infinity)] = optionalNumbers(call, 2);
      return clip(x[0]!, from, to);
    },
    host: [1, 2],
  },
  // At inference.
  Dropout: {
    run: (call) => [given(call, 0)!.clone(), dl.fill([...call.x[0]!.shape], 1, 'bool')],
  },
});
