import { sizeOf } from '../../kernels';
import * as dl from '../../tensor';
import type { Tensor, Tensor4D } from '../../tensor';
import { assertChannelsLast, type NodeAttributes, type NodeCall, type OpTable } from './row';

type Pair = [number, number];
type Pad = 'same' | 'valid' | [Pair, Pair, Pair, Pair];

/** The format of a node's images; the extents of its height and width are at `h` and `w`. */
function axes(attributes: NodeAttributes): {
  readonly format: 'NHWC' | 'NCHW';
  readonly h: number;
  readonly w: number;
} {
  return attributes.text('data_format', 'NHWC') === 'NCHW'
    ? { format: 'NCHW', h: 2, w: 3 }
    : { format: 'NHWC', h: 1, w: 2 };
}

/** An attribute with a number for each of four axes, for height and width. */
function pair(attributes: NodeAttributes, name: string): Pair {
  const all = attributes.numbers(name);
  const { h, w } = axes(attributes);
  return [all[h] ?? 1, all[w] ?? 1];
}

function padOf(attributes: NodeAttributes): Pad {
  const pad = attributes.text('padding', 'VALID').toLowerCase();
  if (pad !== 'explicit') return pad as 'same' | 'valid';
  const n = attributes.numbers('explicit_paddings');
  return [0, 2, 4, 6].map((i) => [n[i] ?? 0, n[i + 1] ?? 0]) as [Pair, Pair, Pair, Pair];
}

const windowOf = (attributes: NodeAttributes) =>
  ({
    strides: pair(attributes, 'strides'),
    pad: padOf(attributes),
    dilations: pair(attributes, 'dilations'),
    dataFormat: axes(attributes).format,
  }) as const;

const activations = {
  Relu: 'relu', Relu6: 'relu6', Prelu: 'prelu', Elu: 'elu', LeakyRelu: 'leakyrelu', Sigmoid: 'sigmoid',
} as const; // prettier-ignore
type Activation = (typeof activations)[keyof typeof activations];

/** What a fused node adds to a product: a bias, and an activation. */
function finishOf({ x, attributes }: NodeCall) {
  const fused = attributes.texts('fused_ops');
  const named = fused.filter((name) => name !== 'BiasAdd');
  const activation = activations[named[0] as keyof typeof activations] as Activation | undefined;
  if (named.length > 1 || (named.length === 1 && activation === undefined))
    throw new Error(`the fused ops [${fused.join()}] are not supported; wanted a BiasAdd and one activation`);
  const hasBias = fused[0] === 'BiasAdd';
  return {
    bias: hasBias ? x[2]! : undefined,
    activation: activation ?? 'linear',
    preluActivationWeights: activation === 'prelu' ? x[hasBias ? 3 : 2]! : undefined,
    leakyreluAlpha: attributes.number('leakyrelu_alpha', 0.2),
  } as const;
}

const convolution =
  (conv: (options: dl.fused.FusedConvolutionOptions<Tensor4D>) => Tensor) =>
  (call: NodeCall): Tensor =>
    conv({ x: call.x[0] as Tensor4D, filter: call.x[1]!, ...windowOf(call.attributes), ...finishOf(call) });

const pool =
  (of: typeof dl.maxPool) =>
  ({ x, attributes }: NodeCall): Tensor => {
    assertChannelsLast(attributes);
    return of(x[0] as Tensor4D, pair(attributes, 'ksize'), pair(attributes, 'strides'), padOf(attributes));
  };

const conv2d = { run: convolution(dl.fused.conv2d) };
const depthwise = { run: convolution(dl.fused.depthwiseConv2d) };

/** Matrix products, convolutions and pooling. */
export const products: OpTable = {
  Conv2D: conv2d,
  FusedConv2D: conv2d,
  _FusedConv2D: conv2d,
  DepthwiseConv2d: depthwise,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  Conv2DBackpropInput: {
    run: ({ x, numbers, attributes }) => {
      assertChannelsLast(attributes);
      return dl.conv2dTranspose(
        x[2] as Tensor4D,
        x[1] as Tensor4D,
        [...numbers(0)] as [number, number, number, number],
        pair(attributes, 'strides'),
        padOf(attributes),
      );
    },
    host: [0],
    size: ({ numbers }) => sizeOf(numbers(0)),
  },
  MatMul: {
    run: ({ x, attributes }) =>
      dl.matMul(x[0]!, x[1]!, attributes.flag('transpose_a'), attributes.flag('transpose_b')),
  },
  _FusedMatMul: {
    run: (call) =>
      dl.fused.matMul({
        a: call.x[0]!,
        b: call.x[1]!,
        transposeA: call.attributes.flag('transpose_a'),
        transposeB: call.attributes.flag('transpose_b'),
        ...finishOf(call),
      }),
  },
  BatchMatMul: {
    run: ({ x, attributes }) => dl.matMul(x[0]!, x[1]!, attributes.flag('adj_x'), attributes.flag('adj_y')),
  },
  BatchMatMulV2: {
    run: ({ x, attributes }) => dl.matMul(x[0]!, x[1]!, attributes.flag('adj_x'), attributes.flag('adj_y')),
  },
  MaxPool: { run: pool(dl.maxPool) },
  AvgPool: { run: pool(dl.avgPool) },
  FusedBatchNormV3: {
    // At inference: x, scale, offset, mean, variance.
    run: ({ x, attributes }) => {
      assertChannelsLast(attributes);
      return dl.batchNorm(x[0]!, x[3]!, x[4]!, x[2], x[1], attributes.number('epsilon', 1e-3));
    },
  },
};
