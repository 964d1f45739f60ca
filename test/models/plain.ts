/** A slow computation of graphs with operators of TensorFlow Lite, by plain loops: what models give of which there is no twin. */
import type { AttributeValue, Graph, GraphNode, NodeOutput } from 'rxtensor/models';

interface Value {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

type Four = readonly [number, number, number, number];

/** The value at a place of images; `outside` beyond them. */
const at = ({ shape, values }: Value, y: number, x: number, c: number, outside: number): number => {
  const [, height, width, channels] = shape as Four;
  return y < 0 || x < 0 || y >= height || x >= width ? outside : values[(y * width + x) * channels + c]!;
};

/** Computes each element of an image alone. */
function image(shape: readonly number[], of: (y: number, x: number, c: number) => number): Value {
  const [, height, width, channels] = shape as Four;
  const values = new Float64Array(sizeOf(shape));
  let i = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) values[i++] = of(y, x, c);
  return { shape, values };
}

const each = (x: Value, f: (value: number) => number): Value => ({
  shape: x.shape,
  values: Float64Array.from(x.values, f),
});

/** Two tensors of one shape, or of which one has a value for each channel, or each of a picture. */
function both(a: Value, b: Value, f: (a: number, b: number) => number): Value {
  const big = sizeOf(a.shape) >= sizeOf(b.shape) ? a : b;
  const [, height = 1, width = 1, channels = 1] = big.shape;
  const place = ({ shape }: Value, i: number): number => {
    const own = [1, 1, 1, 1, ...shape].slice(-4) as unknown as Four;
    const [c, x, y] = [
      i % channels,
      Math.floor(i / channels) % width,
      Math.floor(i / channels / width) % height,
    ];
    return ((own[1] === 1 ? 0 : y) * own[2] + (own[2] === 1 ? 0 : x)) * own[3] + (own[3] === 1 ? 0 : c);
  };
  return {
    shape: big.shape,
    values: Float64Array.from({ length: sizeOf(big.shape) }, (_, i) =>
      f(a.values[place(a, i)]!, b.values[place(b, i)]!),
    ),
  };
}

type Attributes = ReadonlyMap<string, AttributeValue>;
const number = (attributes: Attributes, name: string, otherwise = 1): number =>
  (attributes.get(name) as number | undefined) ?? otherwise;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const activations: Readonly<Record<number, (x: number) => number>> = {
  0: (x) => x,
  1: (x) => Math.max(0, x),
  3: (x) => Math.min(6, Math.max(0, x)),
};

/** Where windows lie: the extents of the result, and how far the first is in front of the image. */
function windows(x: Value, size: readonly [number, number], attributes: Attributes) {
  const isSame = number(attributes, 'padding', 0) === 0;
  const strides = [number(attributes, 'stride_h'), number(attributes, 'stride_w')] as const;
  const all = ([0, 1] as const).map((i) => {
    const extent = x.shape[i + 1]!;
    const out = isSame ? Math.ceil(extent / strides[i]) : Math.floor((extent - size[i]) / strides[i]) + 1;
    const before = isSame ? Math.floor(Math.max(0, (out - 1) * strides[i] + size[i] - extent) / 2) : 0;
    return { out, before };
  });
  return { strides, heights: all[0]!, widths: all[1]! };
}

function overWindows(
  x: Value,
  size: readonly [number, number],
  channels: number,
  attributes: Attributes,
  of: (c: number, top: number, left: number) => number,
): Value {
  const { strides, heights, widths } = windows(x, size, attributes);
  const f = activations[number(attributes, 'fused_activation_function', 0)]!;
  return image([1, heights.out, widths.out, channels], (row, column, c) =>
    f(of(c, row * strides[0] - heights.before, column * strides[1] - widths.before)),
  );
}

type Plain = (x: readonly Value[], attributes: Attributes) => Value;

const pool =
  (start: number, join: (a: number, b: number) => number, isMean: boolean): Plain =>
  ([x], attributes) => {
    const size = [number(attributes, 'filter_height'), number(attributes, 'filter_width')] as const;
    return overWindows(x!, size, x!.shape[3]!, attributes, (c, top, left) => {
      let [result, count] = [start, 0];
      for (let i = 0; i < size[0]; i++)
        for (let j = 0; j < size[1]; j++) {
          const value = at(x!, top + i, left + j, c, NaN);
          if (Number.isNaN(value)) continue;
          result = join(result, value);
          count++;
        }
      return isMean ? result / count : result;
    });
  };

const padded: Plain = ([x, pads]) => {
  const p = pads!.values;
  const shape = x!.shape.map((extent, axis) => p[2 * axis]! + extent + p[2 * axis + 1]!);
  return image(shape, (y, column, c) => {
    const channel = c - p[6]!;
    return channel < 0 || channel >= x!.shape[3]! ? 0 : at(x!, y - p[2]!, column - p[4]!, channel, 0);
  });
};

const plain: Readonly<Record<string, Plain>> = {
  ADD: ([a, b], attributes) => {
    const f = activations[number(attributes, 'fused_activation_function', 0)]!;
    return both(a!, b!, (x, y) => f(x + y));
  },
  MUL: ([a, b]) => both(a!, b!, (x, y) => x * y),
  PRELU: ([a, b]) => both(a!, b!, (x, slope) => (x < 0 ? x * slope : x)),
  RELU: ([x]) => each(x!, (value) => Math.max(0, value)),
  LOGISTIC: ([x]) => each(x!, sigmoid),
  HARD_SWISH: ([x]) => each(x!, (value) => (value * Math.min(6, Math.max(0, value + 3))) / 6),
  PAD: padded,
  RESHAPE: ([x, shape], attributes) => {
    const wanted = shape ? Array.from(shape.values) : (attributes.get('new_shape') as readonly number[]);
    const rest = sizeOf(x!.shape) / -sizeOf(wanted);
    return { shape: wanted.map((extent) => (extent === -1 ? rest : extent)), values: x!.values };
  },
  // Of lists of boxes, along the axis of the boxes.
  CONCATENATION: (all) => ({
    shape: [1, all.reduce((sum, { shape }) => sum + shape[1]!, 0), all[0]!.shape[2]!],
    values: all.flatMap(({ values }) => Array.from(values)),
  }),
  MEAN: ([x]) => {
    const [, height, width, channels] = x!.shape as Four;
    return image([1, 1, 1, channels], (_y, _x, c) => {
      let sum = 0;
      for (let i = c; i < x!.values.length; i += channels) sum += x!.values[i]!;
      return sum / (height * width);
    });
  },
  DEPTH_TO_SPACE: ([x], attributes) => {
    const block = number(attributes, 'block_size');
    const [, height, width, channels] = x!.shape as Four;
    const depth = channels / block ** 2;
    return image([1, height * block, width * block, depth], (y, column, c) =>
      at(
        x!,
        Math.floor(y / block),
        Math.floor(column / block),
        ((y % block) * block + (column % block)) * depth + c,
        0,
      ),
    );
  },
  MAX_POOL_2D: pool(-Infinity, Math.max, false),
  AVERAGE_POOL_2D: pool(0, (a, b) => a + b, true),
  // Filters have their axes in the order height, width, input, output.
  CONV_2D: ([x, filter, bias], attributes) => {
    const [height, width, inputs, outputs] = filter!.shape as Four;
    const [, rows, columns] = x!.shape as Four;
    const { values } = x!;
    const weights = filter!.values;
    return overWindows(x!, [height, width], outputs, attributes, (c, top, left) => {
      let sum = bias?.values[c] ?? 0;
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++) {
          if (top + i < 0 || top + i >= rows || left + j < 0 || left + j >= columns) continue;
          const from = ((top + i) * columns + left + j) * inputs;
          let weight = (i * width + j) * inputs * outputs + c;
          for (let k = from; k < from + inputs; k++, weight += outputs) sum += values[k]! * weights[weight]!;
        }
      return sum;
    });
  },
  DEPTHWISE_CONV_2D: ([x, filter, bias], attributes) => {
    const [, height, width, outputs] = filter!.shape as Four;
    const multiplier = outputs / x!.shape[3]!;
    return overWindows(x!, [height, width], outputs, attributes, (c, top, left) => {
      let sum = bias?.values[c] ?? 0;
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++)
          sum +=
            at(x!, top + i, left + j, Math.floor(c / multiplier), 0) *
            filter!.values[(i * width + j) * outputs + c]!;
      return sum;
    });
  },
  // Filters that do not overlap: height, width, output, input.
  'custom Convolution2DTransposeBias': ([x, filter, bias]) => {
    const [height, width, outputs, inputs] = filter!.shape as Four;
    const [, rows, columns] = x!.shape as Four;
    return image([1, rows * height, columns * width, outputs], (y, column, c) => {
      let sum = bias!.values[c]!;
      for (let k = 0; k < inputs; k++)
        sum +=
          at(x!, Math.floor(y / height), Math.floor(column / width), k, 0) *
          filter!.values[(((y % height) * width + (column % width)) * outputs + c) * inputs + k]!;
      return sum;
    });
  },
  RESIZE_BILINEAR: ([x, size], attributes) => {
    const [height, width] = Array.from(size!.values) as [number, number];
    const isHalf = attributes.get('half_pixel_centers') === true;
    const isAligned = attributes.get('align_corners') === true;
    const place = (i: number, to: number, from: number): number =>
      isAligned
        ? (i * (from - 1)) / Math.max(1, to - 1)
        : Math.max(0, isHalf ? ((i + 0.5) * from) / to - 0.5 : (i * from) / to);
    const [, rows, columns, channels] = x!.shape as Four;
    return image([1, height, width, channels], (i, j, c) => {
      const [y, column] = [place(i, height, rows), place(j, width, columns)];
      const [top, left] = [Math.floor(y), Math.floor(column)];
      const corner = (dy: number, dx: number): number =>
        at(x!, Math.min(rows - 1, top + dy), Math.min(columns - 1, left + dx), c, 0);
      const upper = corner(0, 0) + (column - left) * (corner(0, 1) - corner(0, 0));
      const lower = corner(1, 0) + (column - left) * (corner(1, 1) - corner(1, 0));
      return upper + (y - top) * (lower - upper);
    });
  },
};

/** The values of some outputs, for the only input. @throws for an operator that is not here */
export function byPlainLoops(graph: Graph, input: Value, outputs: readonly NodeOutput[]): Value[] {
  // Values of constants are decoded each time that they are read, and loops read them often.
  const constants = [...graph.constants].map(
    ([node, { shape, values }]) => [node, { shape, values }] as const,
  );
  const known = new Map<string, Value>(constants);
  known.set(graph.inputs[0]!.node, input);
  const compute = ({ name, op, inputs, attributes }: GraphNode): void => {
    if (known.has(name)) return;
    const of = plain[op];
    if (!of) throw new Error(`${op} of '${name}' is not here`);
    known.set(
      name,
      of(
        inputs.map(({ node }) => known.get(node)!),
        attributes,
      ),
    );
  };
  for (const node of graph.nodes.values()) compute(node);
  return outputs.map(({ node }) => known.get(node)!);
}
