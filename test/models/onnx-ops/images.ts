import type { OnnxAttribute } from '../../support/onnx-files';
import { list, reals, weight, type Cases, type Draw, type Input, type OpCase } from './case';

type Attributes = Record<string, OnnxAttribute>;

/** Strides, dilations and padding of a window, as often as not by the defaults. */
function windowAttributes(draw: Draw, kernel: readonly number[], canDilate = true): Attributes {
  const attributes: Attributes = {};
  if (draw.flag()) attributes.strides = kernel.map(() => draw.int(1, 3));
  if (canDilate && draw.int(0, 2) === 0) attributes.dilations = kernel.map(() => draw.int(1, 2));
  const padding = draw.int(0, 4);
  if (padding <= 1) attributes.pads = [...kernel, ...kernel].map((size) => draw.int(0, size - 1));
  else if (padding === 2 && !attributes.dilations)
    attributes.auto_pad = draw.pick(['SAME_UPPER', 'SAME_LOWER', 'VALID']);
  return attributes;
}

const space = (draw: Draw): number[] => Array.from({ length: draw.int(1, 2) }, () => draw.int(7, 10));

function conv(draw: Draw): OpCase {
  const extents = space(draw);
  const group = draw.pick([1, 1, 2, 3, 'depthwise'] as const);
  const [groups, inside, outside] =
    group === 'depthwise' ? [3, 1, draw.int(1, 2)] : [group, draw.int(1, 3), draw.int(1, 3)];
  const kernel = extents.map(() => draw.int(1, 3));
  const filter = reals(draw, [groups * outside, inside, ...kernel]);
  const inputs: (Input | null)[] = [
    reals(draw, [draw.int(1, 2), groups * inside, ...extents]),
    draw.int(0, 3) === 0 ? filter : weight(filter),
  ];
  if (draw.flag()) inputs.push(weight(reals(draw, [groups * outside])));
  return { inputs, attributes: { group: groups, kernel_shape: kernel, ...windowAttributes(draw, kernel) } };
}

function convTranspose(draw: Draw): OpCase {
  const extents = space(draw);
  const groups = draw.pick([1, 1, 2]);
  const kernel = extents.map(() => draw.int(1, 3));
  const [inside, outside] = [draw.int(1, 3), draw.int(1, 3)];
  const strides = extents.map(() => draw.int(1, 3));
  const attributes: Attributes = { group: groups, kernel_shape: kernel, strides };
  const padding = draw.int(0, 3);
  if (padding === 0) attributes.pads = [...kernel, ...kernel].map((size) => draw.int(0, size - 1));
  if (padding === 1) attributes.auto_pad = draw.pick(['SAME_UPPER', 'SAME_LOWER', 'VALID']);
  if (padding === 2) attributes.output_padding = strides.map((stride) => draw.int(0, stride - 1));
  if (padding !== 1 && draw.int(0, 3) === 0) attributes.dilations = kernel.map(() => 2);
  const inputs = [
    reals(draw, [1, groups * inside, ...extents]),
    weight(reals(draw, [groups * inside, outside, ...kernel])),
  ];
  if (draw.flag()) inputs.push(weight(reals(draw, [groups * outside])));
  return { inputs, attributes };
}

const pool =
  (isAverage: boolean) =>
  (draw: Draw): OpCase => {
    const extents = space(draw);
    const kernel = extents.map(() => draw.int(2, 3));
    const attributes: Attributes = {
      kernel_shape: kernel,
      ...windowAttributes(draw, kernel, !isAverage),
    };
    if (attributes.auto_pad === undefined) attributes.ceil_mode = draw.int(0, 1);
    if (isAverage) attributes.count_include_pad = draw.int(0, 1);
    return { inputs: [reals(draw, [1, draw.int(1, 3), ...extents])], attributes, opset: isAverage ? 19 : 17 };
  };

const whole = (draw: Draw): OpCase => ({
  inputs: [reals(draw, [2, draw.int(1, 3), ...space(draw)])],
});

function resize(draw: Draw): OpCase {
  const mode = draw.pick(['nearest', 'linear', 'cubic']);
  // Where a place lies between two elements, the last bit decides which is nearest: scales are exact then.
  const extent = (): number => (mode === 'nearest' ? draw.pick([2, 4, 8]) : draw.int(2, 6));
  const extents = [extent(), extent()];
  const x = reals(draw, [1, draw.int(1, 2), ...extents]);
  const attributes: Attributes = {
    mode,
    coordinate_transformation_mode: draw.pick([
      'half_pixel', 'half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric', 'half_pixel_symmetric',
    ]),
  }; // prettier-ignore
  if (mode === 'nearest')
    attributes.nearest_mode = draw.pick(['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']);
  if (mode === 'cubic' && draw.flag()) attributes.cubic_coeff_a = { float: -0.5 };
  if (draw.flag()) {
    const sizes = extents.map(() => draw.int(1, 12));
    return {
      inputs: [x, null, null, list([1, x.shape[1]!, ...sizes])],
      attributes,
      opset: 19,
      tolerance: 1e-4,
    };
  }
  const scales = [1, 1, draw.pick([0.5, 1.5, 2, 3]), draw.pick([0.75, 1, 2, 2.5])];
  return { inputs: [x, null, list(scales, 'float')], attributes, opset: 19, tolerance: 1e-4 };
}

const normalized = (draw: Draw, more: (channels: number) => Input[], attributes: Attributes = {}): OpCase => {
  const channels = draw.int(2, 4);
  const x = reals(draw, [2, channels, ...space(draw)]);
  return { inputs: [x, ...more(channels)], attributes, tolerance: 1e-4 };
};

export const images: Cases = {
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: pool(false),
  AveragePool: pool(true),
  GlobalAveragePool: whole,
  GlobalMaxPool: whole,
  BatchNormalization: (draw) =>
    normalized(
      draw,
      (channels) => [
        ...Array.from({ length: 3 }, () => weight(reals(draw, [channels]))),
        weight(reals(draw, [channels], 0.5, 2)),
      ],
      { epsilon: { float: 0.01 } },
    ),
  InstanceNormalization: (draw) =>
    normalized(draw, (channels) => Array.from({ length: 2 }, () => weight(reals(draw, [channels])))),
  LRN: (draw) => ({
    inputs: [reals(draw, [1, 5, 3, 3])],
    attributes: {
      size: draw.pick([1, 3, 5]),
      alpha: { float: 0.1 },
      beta: { float: 0.6 },
      bias: { float: 1.5 },
    },
  }),
  Resize: resize,
  Upsample: (draw) => ({
    inputs: [reals(draw, [1, 2, 3, 4]), list([1, 1, draw.int(1, 3), draw.int(1, 3)], 'float')],
    attributes: { mode: draw.pick(['nearest', 'linear']) },
    opset: 9,
  }),
  DepthToSpace: (draw) => {
    const size = draw.int(1, 3);
    return {
      inputs: [reals(draw, [2, 2 * size * size, 2, 3])],
      attributes: { blocksize: size, mode: draw.pick(['DCR', 'CRD']) },
    };
  },
  SpaceToDepth: (draw) => {
    const size = draw.int(1, 3);
    return { inputs: [reals(draw, [1, 2, 2 * size, 3 * size])], attributes: { blocksize: size } };
  },
};
