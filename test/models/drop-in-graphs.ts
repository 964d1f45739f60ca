/** Small graph models in the form of those that published packages load. */
import {
  graphParts,
  ints,
  node,
  placeholder,
  weight,
  type GraphDescription,
  type GraphParts,
  type JsonNode,
  type StoredWeight,
} from '../support/graph-files';

/** Numbers that look drawn, and are the same in every run. */
function drawn(name: string, shape: readonly number[], scale: number): StoredWeight {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Array.from(
    { length: size },
    (_, i) => scale * Math.sin(1 + i * 12.9898 + name.length * 78.233 + i * i * 0.37),
  );
  return weight(name, values, shape);
}

const float = { T: 'DT_FLOAT' } as const;

/** A convolution with strides. */
const conv = (name: string, input: string, filter: string, stride: number): JsonNode =>
  node(name, 'Conv2D', `${input} ${filter}`, {
    ...float,
    strides: [1, stride, stride, 1],
    dilations: [1, 1, 1, 1],
    padding: 'SAME',
  });

/** [1, 224, 224, 3] to [1, 1001]. */
export const mobilenetGraph: GraphDescription = {
  nodes: [
    placeholder('images', [-1, 224, 224, 3]),
    conv('body', 'images', 'filter', 16),
    node('act', 'Relu6', 'body', float),
    node('pool', 'Mean', 'act axes', { ...float, keep_dims: false }),
    node('logits', 'MatMul', 'pool head', float),
  ],
  weights: [drawn('filter', [16, 16, 3, 32], 0.1), ints('axes', [1, 2]), drawn('head', [32, 1001], 2)],
};

/** [1, 128, 128, 3] to the 896 anchors of BlazeFace: a logit, a box and six points for each. */
export const blazefaceGraph: GraphDescription = {
  nodes: [
    placeholder('input', [1, 128, 128, 3]),
    conv('fine', 'input', 'fine_filter', 8),
    node('fine_flat', 'Reshape', 'fine fine_shape', float),
    conv('coarse', 'input', 'coarse_filter', 16),
    node('coarse_flat', 'Reshape', 'coarse coarse_shape', float),
    node('out', 'ConcatV2', 'fine_flat coarse_flat axis', { ...float, N: 2 }),
  ],
  weights: [
    drawn('fine_filter', [8, 8, 3, 34], 0.4),
    drawn('coarse_filter', [16, 16, 3, 102], 0.2),
    ints('fine_shape', [1, 512, 17]),
    ints('coarse_shape', [1, 384, 17]),
    ints('axis', 1),
  ],
};

/** A picture of any size to the scores [1, 100, 90] and boxes [1, 100, 1, 4] of a detector. */
export const detectorGraph: GraphDescription = {
  nodes: [
    placeholder('image_tensor', [-1, -1, -1, 3], 'DT_INT32'),
    node('float', 'Cast', 'image_tensor', { SrcT: 'DT_INT32', DstT: 'DT_FLOAT' }),
    node('small', 'ResizeBilinear', 'float size', { ...float, align_corners: false }),
    node('unit', 'Mul', 'small part', float),
    conv('score_map', 'unit', 'score_filter', 4),
    node('score_flat', 'Reshape', 'score_map score_shape', float),
    node('scores', 'Sigmoid', 'score_flat', float),
    conv('box_map', 'unit', 'box_filter', 4),
    node('box_unit', 'Sigmoid', 'box_map', float),
    node('boxes', 'Reshape', 'box_unit box_shape', float),
  ],
  weights: [
    ints('size', [40, 40]),
    weight('part', [1 / 255], []),
    drawn('score_filter', [4, 4, 3, 90], 0.5),
    drawn('box_filter', [4, 4, 3, 4], 0.5),
    ints('score_shape', [1, 100, 90]),
    ints('box_shape', [1, 100, 1, 4]),
  ],
  outputs: { scores: 'scores', boxes: 'boxes' },
};

/** As {@link graphParts}, with the version that TensorFlow.js asks for. */
export function versionedParts(description: GraphDescription): GraphParts {
  const { json, bytes } = graphParts(description);
  return {
    json: { ...json, modelTopology: { ...(json.modelTopology as object), versions: { producer: 38 } } },
    bytes,
  };
}
