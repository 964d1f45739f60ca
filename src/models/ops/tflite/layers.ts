/** Products, convolutions, pooling and normalization of TensorFlow Lite. Filters have their axes as they are here: the format turns them. */
import * as dl from '../../../tensor';
import type { Tensor, Tensor4D } from '../../../tensor';
import { products } from '../products';
import type { NodeAttributes, NodeCall, OpRow, OpTable } from '../row';
import { activated, fusedOf } from './activation';

type Pair = [number, number];
type Quad = [number, number, number, number];

const pairOf = (attributes: NodeAttributes, name: string, after = ''): Pair =>
  ['h', 'w'].map((side) => attributes.number(`${name}_${side}${after}`, 1)) as Pair;
const padOf = (attributes: NodeAttributes): 'same' | 'valid' =>
  attributes.number('padding', 0) === 0 ? 'same' : 'valid';

const windowOf = (attributes: NodeAttributes) => ({
  strides: pairOf(attributes, 'stride'),
  pad: padOf(attributes),
  dilations: pairOf(attributes, 'dilation', '_factor'),
});

function convolution(
  conv: typeof dl.fused.conv2d,
  filterOf: (filter: Tensor, x: Tensor) => Tensor = (filter) => filter,
): OpRow {
  return {
    run: ({ x, attributes }) =>
      activated(
        conv({
          x: x[0] as Tensor4D,
          filter: filterOf(x[1]!, x[0]!),
          bias: x[2],
          activation: fusedOf(attributes),
          ...windowOf(attributes),
        }),
        attributes,
        true,
      ),
  };
}

const filterSize = (attributes: NodeAttributes): Pair => [
  attributes.number('filter_height', 1),
  attributes.number('filter_width', 1),
];

const pool = (of: (x: Tensor4D, size: Pair, strides: Pair, pad: 'same' | 'valid') => Tensor): OpRow => ({
  run: ({ x, attributes }) =>
    activated(
      of(x[0] as Tensor4D, filterSize(attributes), pairOf(attributes, 'stride'), padOf(attributes)),
      attributes,
    ),
});

/** The transpose of a convolution, with a bias unless it is left out. */
function convolutionTransposed(
  { attributes }: NodeCall,
  x: Tensor,
  filter: Tensor,
  bias: Tensor | undefined,
  shape: readonly number[],
  pad: 'same' | 'valid',
): Tensor {
  const strides = pairOf(attributes, 'stride');
  const y = dl.conv2dTranspose(x, filter, shape, strides, pad);
  return bias ? dl.add(y, bias) : y;
}

/** Any axes in front of the last are one, unless the result keeps them. */
function fullyConnected({ x, attributes }: NodeCall): Tensor {
  const [value, weights, bias] = x as [Tensor, Tensor, Tensor | undefined];
  if (attributes.number('weights_format', 0) !== 0)
    throw new Error('the weights are shuffled; wanted them in rows');
  const [units, depth] = weights.shape as [number, number];
  const y = dl.fused.matMul({
    a: dl.reshape(value, [-1, depth]),
    b: weights,
    transposeB: true,
    bias,
    activation: fusedOf(attributes),
  });
  const keeps = attributes.flag('keep_num_dims');
  return activated(keeps ? dl.reshape(y, [...value.shape.slice(0, -1), units]) : y, attributes, true);
}

/** Convolutions, pooling, products and normalization. */
export const layers: OpTable = /* @__PURE__ */ (() => ({
  CONV_2D: convolution(dl.fused.conv2d),
  // One number for each channel and filter; the channels of a filter lie side by side.
  DEPTHWISE_CONV_2D: convolution(dl.fused.depthwiseConv2d, (filter, x) => {
    const [, height, width, all] = filter.shape as Quad;
    const channels = x.shape[3]!;
    return dl.reshape(filter, [height, width, channels, all / channels]);
  }),
  TRANSPOSE_CONV: {
    run: (call) => {
      const { x, numbers, attributes } = call;
      const pad = padOf(attributes);
      return activated(convolutionTransposed(call, x[2]!, x[1]!, x[3], numbers(0), pad), attributes);
    },
    host: [0],
  },
  'custom Convolution2DTransposeBias': {
    run: (call) => {
      const [value, filter, bias] = call.x as [Tensor, Tensor, Tensor | undefined];
      const [batch, ...sides] = value.shape as Quad;
      // TfLitePadding: 1 is SAME, 2 VALID.
      const isSame = call.attributes.number('padding', 1) === 1;
      const strides = pairOf(call.attributes, 'stride');
      const [height, width] = [0, 1].map((i) =>
        isSame ? sides[i]! * strides[i]! : (sides[i]! - 1) * strides[i]! + filter.shape[i]!,
      ) as Pair;
      const shape = [batch, height, width, filter.shape[2]!];
      return convolutionTransposed(call, value, filter, bias, shape, isSame ? 'same' : 'valid');
    },
  },
  FULLY_CONNECTED: { run: fullyConnected },
  BATCH_MATMUL: products.BatchMatMulV2!,
  AVERAGE_POOL_2D: pool(dl.avgPool),
  MAX_POOL_2D: pool(dl.maxPool),
  L2_POOL_2D: pool((x, ...window) => dl.sqrt(dl.avgPool(dl.square(x), ...window))),
  L2_NORMALIZATION: {
    run: ({ x, attributes }) => {
      const length = dl.sqrt(dl.sum(dl.square(x[0]!), -1, true));
      return activated(dl.div(x[0]!, dl.maximum(length, 1e-6)), attributes);
    },
  },
  LOCAL_RESPONSE_NORMALIZATION: {
    run: ({ x, attributes }) =>
      dl.localResponseNormalization(
        x[0] as Tensor4D,
        attributes.number('radius', 0),
        attributes.number('bias', 0),
        attributes.number('alpha', 0),
        attributes.number('beta', 0),
      ),
  },
}))();
