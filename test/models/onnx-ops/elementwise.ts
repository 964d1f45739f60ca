import {
  bools,
  integers,
  reals,
  repeatable,
  single,
  weight,
  type Cases,
  type Draw,
  type OpCase,
} from './case';

const ofReals =
  (least = -3, greatest = 3, tolerance = 1e-5) =>
  (draw: Draw): OpCase => ({ inputs: [reals(draw, draw.shape(draw.int(0, 4)), least, greatest)], tolerance });

const settled =
  (names: readonly string[], least = 0.1, greatest = 1.5) =>
  (draw: Draw): OpCase => ({
    inputs: [reals(draw, draw.shape(3), -4, 4)],
    attributes: Object.fromEntries(
      names.flatMap((name) => (draw.flag() ? [[name, { float: draw.real(least, greatest) }]] : [])),
    ),
  });

/** Two operands, of which one may be repeated along axes of the other. */
const pair =
  (of: 'float' | 'int32' | 'bool' | 'both', result?: 'bool') =>
  (draw: Draw): OpCase => {
    const shape = draw.shape(draw.int(1, 4));
    const type = of === 'both' ? draw.pick(['float', 'int32', 'int64'] as const) : of;
    const operand = (extents: readonly number[]) =>
      type === 'float'
        ? reals(draw, extents, 0.5, 3)
        : type === 'bool'
          ? bools(draw, extents)
          : integers(draw, extents, 1, 9, type);
    const other = operand(repeatable(draw, shape));
    const both = [operand(shape), draw.flag() ? weight(other) : other];
    return { inputs: draw.flag() ? both : both.reverse(), outputs: [result ?? type] };
  };

const several = (draw: Draw): OpCase => {
  const shape = draw.shape(3);
  return {
    inputs: Array.from({ length: draw.int(1, 4) }, () => reals(draw, repeatable(draw, shape))),
    opset: 13,
  };
};

const comparison = pair('both', 'bool');
const logic = pair('bool', 'bool');

export const elementwise: Cases = {
  Abs: ofReals(), Acos: ofReals(-0.9, 0.9), Acosh: ofReals(1.1, 5), Asin: ofReals(-0.9, 0.9), Asinh: ofReals(), Atan: ofReals(),
  Atanh: ofReals(-0.9, 0.9), Ceil: ofReals(), Cos: ofReals(), Cosh: ofReals(), Erf: ofReals(), Exp: ofReals(), Floor: ofReals(),
  Log: ofReals(0.1, 9), Neg: ofReals(), Reciprocal: ofReals(0.5, 3), Relu: ofReals(), Round: ofReals(), Sigmoid: ofReals(),
  Sign: ofReals(), Sin: ofReals(), Sinh: ofReals(), Softplus: ofReals(), Softsign: ofReals(), Sqrt: ofReals(0.1, 9), Tan: ofReals(-1, 1),
  Tanh: ofReals(), Mish: (draw) => ({ ...ofReals()(draw), opset: 18 }), HardSwish: ofReals(-5, 5),
  Celu: settled(['alpha']), Elu: settled(['alpha']), HardSigmoid: settled(['alpha', 'beta']), LeakyRelu: settled(['alpha']),
  Selu: settled(['alpha', 'gamma'], 1, 2), Shrink: settled(['lambd', 'bias'], 0.5, 1), ThresholdedRelu: settled(['alpha']),
  Add: pair('both'), Sub: pair('both'), Mul: pair('both'), Pow: pair('float'), And: logic, Or: logic, Xor: logic,
  Equal: comparison, Greater: comparison, GreaterOrEqual: comparison, Less: comparison, LessOrEqual: comparison,
  Max: several, Min: several, Sum: several, Mean: several,
  Gelu: (draw) => ({ ...ofReals()(draw), opset: 20, attributes: { approximate: draw.pick(['none', 'tanh']) } }),
  Div: (draw) => {
    const shape = draw.shape(2);
    return draw.flag()
      ? pair('float')(draw)
      : { inputs: [integers(draw, shape, -20, 20, 'int32'), integers(draw, shape, 1, 5, 'int32')], outputs: ['int32'] };
  },
  Mod: (draw) => {
    const shape = draw.shape(2);
    const signed = (least: number) => integers(draw, shape, least, least + 8, 'int32');
    if (draw.flag()) return { inputs: [signed(-4), signed(draw.flag() ? 1 : -9)], attributes: { fmod: draw.int(0, 1) }, outputs: ['int32'] };
    return { inputs: [reals(draw, shape, -5, 5), reals(draw, shape, 1, 2)], attributes: { fmod: 1 } };
  },
  PRelu: (draw) => {
    const shape = draw.shape(draw.int(1, 4));
    return { inputs: [reals(draw, shape), weight(reals(draw, repeatable(draw, shape)))] };
  },
  Not: (draw) => ({ inputs: [bools(draw, draw.shape(2))], outputs: ['bool'] }),
  IsNaN: (draw) => ({ inputs: [reals(draw, draw.shape(2))], outputs: ['bool'] }),
  IsInf: (draw) => ({
    inputs: [{ type: 'float', shape: [4], values: [Infinity, -Infinity, NaN, 1], isWeight: false }],
    attributes: { detect_negative: draw.int(0, 1), detect_positive: draw.int(0, 1) },
    outputs: ['bool'],
  }),
  Where: (draw) => {
    const shape = draw.shape(3);
    return { inputs: [bools(draw, repeatable(draw, shape)), reals(draw, shape), reals(draw, repeatable(draw, shape))] };
  },
  Cast: (draw) => {
    const shape = draw.shape(2);
    const [to, name] = draw.pick([[1, 'float'], [6, 'int32'], [7, 'int64'], [9, 'bool'], [11, 'double']] as const);
    const input = draw.pick([reals(draw, shape, -5, 5), integers(draw, shape, -3, 3, 'int32'), bools(draw, shape), integers(draw, shape, 0, 9)]);
    return { inputs: [input], attributes: { to }, outputs: [name] };
  },
  CastLike: (draw) => ({ inputs: [reals(draw, draw.shape(2)), integers(draw, [1], 0, 1, 'int32')], outputs: ['int32'] }),
  Clip: (draw) => {
    const x = reals(draw, draw.shape(3));
    const [min, max] = [draw.real(-2, 0), draw.real(0, 2)];
    if (draw.flag()) return { inputs: [x], attributes: { min: { float: min }, max: { float: max } }, opset: 6 };
    const optional = (value: number) => draw.pick([null, single(value), { ...single(value), isWeight: false }]);
    return { inputs: [x, optional(min), optional(max)] };
  },
  Dropout: (draw) => ({ inputs: [reals(draw, draw.shape(2))] }),
  Identity: (draw) => ({ inputs: [reals(draw, draw.shape(2))] }),
}; // prettier-ignore
