import { assertOptionValues } from '../tensor/options';
import { isIntegers } from '../tensor/argument';
import { assertGiven, sizeRule } from './arguments';
import type { Size } from './geometry';

/** Where the anchors of an SSD lie, by the names of MediaPipe's `SsdAnchorsCalculatorOptions`. */
export interface SsdAnchorOptions {
  /** [height, width] of the model's input, in pixels. */
  readonly inputSize: Size;
  /** The pixels of the input from one cell to the next, for each layer. Layers with equal strides that follow one another share their cells. */
  readonly strides: readonly number[];
  /** The scale of the first layer's anchors, as a share of the input's side. */
  readonly minScale: number;
  /** The scale of the last layer's. */
  readonly maxScale: number;
  /** The ratios of width to height; [1] when left out. */
  readonly aspectRatios?: readonly number[];
  /** The ratio of a further anchor between the scales of a layer and the next one; none if 0; 1 when left out. */
  readonly interpolatedScaleAspectRatio?: number;
  /** Whether the first layer has three anchors of fixed shapes; false when left out. */
  readonly reduceBoxesInLowestLayer?: boolean;
  /** Whether all anchors have width and height 1, as where the model gives sizes themselves; false when left out. */
  readonly fixedAnchorSize?: boolean;
  /** Whether anchors are as large as their cells, as in NanoDet; false when left out. */
  readonly cellAnchorSize?: boolean;
  /** Where in its cell the centre of an anchor lies, [down, across], from 0 to 1; [0.5, 0.5] when left out. */
  readonly anchorOffset?: readonly [down: number, across: number];
}

const areNumbers = (value: unknown, least: number, length?: number): boolean =>
  Array.isArray(value) &&
  (length === undefined ? value.length > 0 : value.length === length) &&
  value.every((each) => Number.isFinite(each) && each > least);
const isNumber = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isFlag = (value: unknown): boolean => typeof value === 'boolean';

/**
 * The anchors of a single-shot detector (Liu et al., SSD, ECCV 2016), as MediaPipe's `SsdAnchorsCalculator` lays them: layer by layer, row by row, cell by cell.
 *
 * @returns four numbers an anchor: the centre's x and y, width and height, as shares of the input's sides
 * @throws when an option is missing or wrong
 * @example
 * ```ts
 * import { ssdAnchors } from 'rxtensor/vision';
 * const anchors = ssdAnchors({
 *   inputSize: [128, 128],
 *   strides: [8, 16, 16, 16],
 *   minScale: 0.1484375,
 *   maxScale: 0.75,
 *   fixedAnchorSize: true,
 * });
 * console.log(anchors.length / 4); // 896
 * ```
 */
export function ssdAnchors(options: SsdAnchorOptions): Float32Array {
  const name = 'ssdAnchors';
  assertOptionValues<SsdAnchorOptions>(name, options, {
    inputSize: sizeRule,
    strides: [
      (value) => Array.isArray(value) && value.length > 0 && isIntegers(value, 1),
      'positive integers',
    ],
    minScale: [isNumber, 'a number that is not negative'],
    maxScale: [isNumber, 'a number that is not negative'],
    aspectRatios: [(value) => areNumbers(value, 0), 'positive numbers'],
    interpolatedScaleAspectRatio: [isNumber, 'a number that is not negative'],
    reduceBoxesInLowestLayer: [isFlag, 'true or false'],
    fixedAnchorSize: [isFlag, 'true or false'],
    cellAnchorSize: [isFlag, 'true or false'],
    anchorOffset: [(value) => areNumbers(value, -Infinity, 2), '[down, across], finite numbers'],
  });
  assertGiven(name, options, ['inputSize', 'strides', 'minScale', 'maxScale']);
  const { inputSize, strides, fixedAnchorSize = false, cellAnchorSize = false } = options;
  const { anchorOffset = [0.5, 0.5] } = options;
  const anchors: number[] = [];
  for (let layer = 0; layer < strides.length;) {
    const stride = strides[layer]!;
    const shapes: [width: number, height: number][] = [];
    for (; strides[layer] === stride; layer++) shapes.push(...shapesOf(options, layer));
    const [rows, columns] = inputSize.map((side) => Math.ceil(side / stride)) as [number, number];
    for (let cell = 0; cell < rows * columns; cell++) {
      const x = ((cell % columns) + anchorOffset[1]) / columns;
      const y = (Math.floor(cell / columns) + anchorOffset[0]) / rows;
      for (const [width, height] of shapes)
        if (fixedAnchorSize) anchors.push(x, y, 1, 1);
        else if (cellAnchorSize) anchors.push(x, y, stride / inputSize[1], stride / inputSize[0]);
        else anchors.push(x, y, width, height);
    }
  }
  return Float32Array.from(anchors);
}

/** The widths and heights of the anchors that a layer adds to each cell. */
function shapesOf(
  {
    strides,
    minScale,
    maxScale,
    aspectRatios = [1],
    interpolatedScaleAspectRatio = 1,
    reduceBoxesInLowestLayer = false,
  }: SsdAnchorOptions,
  layer: number,
): [width: number, height: number][] {
  const count = strides.length;
  const scaleOf = (index: number): number =>
    count === 1 ? (minScale + maxScale) / 2 : minScale + ((maxScale - minScale) * index) / (count - 1);
  const scale = scaleOf(layer);
  const of = (size: number, ratio: number): [number, number] => [
    size * Math.sqrt(ratio),
    size / Math.sqrt(ratio),
  ];
  if (layer === 0 && reduceBoxesInLowestLayer) return [of(0.1, 1), of(scale, 2), of(scale, 0.5)];
  const shapes = aspectRatios.map((ratio) => of(scale, ratio));
  if (interpolatedScaleAspectRatio > 0) {
    const next = layer === count - 1 ? 1 : scaleOf(layer + 1);
    shapes.push(of(Math.sqrt(scale * next), interpolatedScaleAspectRatio));
  }
  return shapes;
}
