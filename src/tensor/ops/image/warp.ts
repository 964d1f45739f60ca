/** cropAndResize, rotateWithOffset and transform. All three run the kernel `warp`, with different maps from result pixels to image pixels. */
import { assertFinite, assertNumber, assertNumbers, assertOneOf } from '../../argument';
import type { KernelAttributes } from '../../../kernels';
import { dispatchOne } from '../../dispatch';
import { op } from '../../op';
import { formatShape } from '../../shape';
import type { GradientRule } from '../../tape';
import type { Tensor, Tensor4D } from '../../tensor';
import { asRank, makeTensor, type TensorInput } from '../../tensor-like';
import { add, mul, sub } from '../arithmetic';
import { castTo } from '../cast';
import { zerosLike } from '../creation';
import { range } from '../sequences';
import { split, stack } from '../slice';
import { reshape, tile } from '../reshape';
import { asImages, assertImageSize } from './image-ranks';

type WarpAttributes = KernelAttributes['warp'];

const warpRule: GradientRule<WarpAttributes> = {
  inputs: [1, 2],
  gradients: (c) => [
    () => {
      const inputs = [c.dy, c.input(1), c.input(2)];
      const shape = c.inputShape(0);
      return dispatchOne(
        'warpGradient',
        'warpGradient',
        inputs,
        shape,
        'float32',
        c.attributes,
        warpGradientRule,
      );
    },
    null,
    null,
  ],
};

const warpGradientRule: GradientRule<WarpAttributes> = {
  inputs: [1, 2],
  gradients: (c) => [
    () => {
      const inputs = [c.dy, c.input(1), c.input(2)];
      const attributes: WarpAttributes = { ...c.attributes, fill: [0, 0, 0, 0] };
      return dispatchOne('warp', 'warp', inputs, c.inputShape(0), 'float32', attributes, warpRule);
    },
    null,
    null,
  ],
};

/** Warps images by one transform for each result. `indices` says which image each result shows. The result is float32. */
function warped(
  name: string,
  images: Tensor,
  transforms: Tensor,
  indices: Tensor,
  size: readonly [number, number],
  attributes: WarpAttributes,
): Tensor {
  const shape = [transforms.shape[0]!, ...size, images.shape[3]!];
  const inputs = [castTo(images, 'float32'), transforms, indices];
  return dispatchOne(name, 'warp', inputs, shape, 'float32', attributes, warpRule);
}

/**
 * Cuts boxes out of images and resizes all of them to one size.
 *
 * @param image a batch [batch, height, width, channels]
 * @param boxes [n, 4], float32: y₁, x₁, y₂, x₂ of each box, where 0 is the first row or column and 1 the last; y₁ > y₂ flips the crop
 * @param boxInd [n], int32: the index of the image that each box is cut from; an index out of range gives zeros
 * @param cropSize [height, width] of the crops
 * @param method the interpolation: 'bilinear' or 'nearest'
 * @param extrapolationValue the value of pixels outside the image; 0 by default
 * @returns float32, [n, ...cropSize, channels]; gradients flow to the image, not to the boxes
 * @throws when a shape does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.range(0, 9).reshape([1, 3, 3, 1]);
 * dl.image.cropAndResize(image, [[0, 0, 0.5, 0.5]], dl.tensor1d([0], 'int32'), [2, 2]).print(); // 0, 1, 3, 4
 * ```
 */
export const cropAndResize = op(
  'cropAndResize',
  function cropAndResize(
    image: TensorInput,
    boxes: TensorInput,
    boxInd: TensorInput,
    cropSize: [number, number],
    method: 'bilinear' | 'nearest' = 'bilinear',
    extrapolationValue = 0,
  ): Tensor4D {
    const name = 'cropAndResize';
    const images = asImages(name, 'image', image);
    const given = asRank(name, 'boxes', boxes, 2, 'float32');
    const indices = asRank(name, 'boxInd', boxInd, 1, 'int32');
    const count = given.shape[0]!;
    if (given.shape[1] !== 4) {
      throw new Error(`${name}: argument 'boxes' has shape ${formatShape(given.shape)}; wanted [n,4]`);
    }
    if (indices.dtype !== 'int32' || indices.size !== count) {
      throw new Error(
        `${name}: argument 'boxInd' is ${indices.dtype} of shape ${formatShape(indices.shape)}; wanted int32 of shape [${count}], one for each of the 'boxes'`,
      );
    }
    assertImageSize(name, 'cropSize', cropSize);
    assertOneOf(name, 'method', method, ['bilinear', 'nearest']);
    assertNumber(name, 'extrapolationValue', extrapolationValue);
    const corners = castTo(given, 'float32');
    const [, height, width] = images.shape as number[];
    const sides = split(reshape(corners, [count, 4]), 4, 1).map((side) => reshape(side, [count]));
    const [top, left, bottom, right] = sides as [Tensor, Tensor, Tensor, Tensor];
    // A crop of one row (or column) samples the middle of the box.
    const along = (
      first: Tensor,
      last: Tensor,
      extent: number,
      size: number,
    ): [step: Tensor, start: Tensor] =>
      size > 1
        ? [mul(sub(last, first), (extent - 1) / (size - 1)), mul(first, extent - 1)]
        : [zerosLike(first), mul(add(first, last), 0.5 * (extent - 1))];
    const [downStep, downStart] = along(top, bottom, height!, cropSize[0]);
    const [acrossStep, acrossStart] = along(left, right, width!, cropSize[1]);
    const none = zerosLike(top);
    const transforms = stack([acrossStep, none, acrossStart, none, downStep, downStart, none, none], 1);
    return warped(name, images, transforms, indices, cropSize, {
      interpolation: method,
      outside: 'extrapolate',
      fill: [extrapolationValue, extrapolationValue, extrapolationValue, extrapolationValue],
    }) as Tensor4D;
  },
);

/** Repeats a single transform for every image of a batch, and numbers the images. */
function forEach(images: Tensor, transforms: Tensor): { transforms: Tensor; indices: Tensor } {
  const batch = images.shape[0]!;
  return {
    transforms: transforms.shape[0] === batch ? transforms : tile(transforms, [batch, 1]),
    indices: range(0, batch, 1, 'int32'),
  };
}

/**
 * Rotates images clockwise around a point, by taking the nearest pixel. Shape and dtype stay the same.
 *
 * @param image a batch [batch, height, width, channels]
 * @param radians the angle in radians
 * @param fillValue the value of pixels outside the image: one number, or [red, green, blue], with which alpha is 255; 0 by default
 * @param center the point to rotate around, as a fraction of width and height: one number, or [x, y]; 0.5 by default
 * @throws unless the image has rank 4 and at least one pixel, and the numbers are valid
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
 * dl.image.rotateWithOffset(image, Math.PI, 0, [0.25, 0.25]).print();
 * ```
 */
export const rotateWithOffset = op(
  'rotateWithOffset',
  function rotateWithOffset(
    image: Tensor4D | TensorInput,
    radians: number,
    fillValue: number | [number, number, number] = 0,
    center: number | [number, number] = 0.5,
  ): Tensor4D {
    const name = 'rotateWithOffset';
    const images = asImages(name, 'image', image);
    assertFinite(name, 'radians', radians);
    assertNumbers(name, 'fillValue', fillValue, 3);
    assertNumbers(name, 'center', center, 2);
    const [, height, width] = images.shape as number[];
    const [fractionX, fractionY] = typeof center === 'number' ? [center, center] : center;
    const x = fractionX * width!;
    const y = fractionY * height!;
    const cos = Math.cos(radians);
    const sin = Math.sin(radians);
    const turn = [cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos, 0, 0];
    const { transforms, indices } = forEach(images, makeTensor(name, turn, [1, 8], 'float32'));
    const [red, green, blue, alpha] =
      typeof fillValue === 'number' ? [fillValue, fillValue, fillValue, fillValue] : [...fillValue, 255];
    const result = warped(name, images, transforms, indices, [height!, width!], {
      interpolation: 'nearest',
      outside: 'constant',
      fill: [red, green, blue, alpha],
    });
    return castTo(result, images.dtype) as Tensor4D;
  },
);

/**
 * Applies a projective transform to images: the pixel at column x and row y of the result is sampled from the image at
 * ((a₀x + a₁y + a₂)/k, (b₀x + b₁y + b₂)/k), with k = c₀x + c₁y + 1. The dtype stays the same.
 *
 * @param image a batch [batch, height, width, channels]
 * @param transforms [batch, 8], or [1, 8] for all images, float32: a₀, a₁, a₂, b₀, b₁, b₂, c₀, c₁
 * @param interpolation 'nearest' (the default) or 'bilinear'
 * @param fillMode how places outside the image are filled: with `fillValue` ('constant', the default), or by mirroring the image
 *   ('reflect'), repeating it ('wrap') or taking its nearest pixel ('nearest')
 * @param fillValue the value of 'constant'; 0 by default
 * @param outputShape [height, width] of the result; those of the image when left out
 * @throws when a shape does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
 * dl.image.transform(image, [[1, 0, 1, 0, 1, 0, 0, 0]]).print(); // 2, 0, 4, 0
 * ```
 */
export const transform = op(
  'transform',
  function transform(
    image: Tensor4D | TensorInput,
    transforms: TensorInput,
    interpolation: 'nearest' | 'bilinear' = 'nearest',
    fillMode: 'constant' | 'reflect' | 'wrap' | 'nearest' = 'constant',
    fillValue = 0,
    outputShape?: [number, number],
  ): Tensor4D {
    const name = 'transform';
    const images = asImages(name, 'image', image);
    const maps = asRank(name, 'transforms', transforms, 2, 'float32');
    const [batch, height, width] = images.shape as number[];
    const fits = (maps.shape[0] === batch || maps.shape[0] === 1) && maps.shape[1] === 8;
    if (!fits) {
      throw new Error(
        `${name}: argument 'transforms' has shape ${formatShape(maps.shape)}; wanted [${batch},8] or [1,8]`,
      );
    }
    assertOneOf(name, 'interpolation', interpolation, ['nearest', 'bilinear']);
    assertOneOf(name, 'fillMode', fillMode, ['constant', 'reflect', 'wrap', 'nearest']);
    assertNumber(name, 'fillValue', fillValue);
    const size: [number, number] = outputShape ?? [height!, width!];
    assertImageSize(name, 'outputShape', size);
    const each = forEach(images, castTo(maps, 'float32'));
    const result = warped(name, images, each.transforms, each.indices, size, {
      interpolation,
      outside: fillMode,
      fill: [fillValue, fillValue, fillValue, fillValue],
    });
    return castTo(result, images.dtype) as Tensor4D;
  },
);
