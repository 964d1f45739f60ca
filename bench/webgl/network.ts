import { tensor, type Library, type Tensor, type Tensor4D } from '../library';

/** The channels behind each separable layer, and its stride: MobileNet v1 of half its width (Howard et al. 2017). */
const blocks: readonly (readonly [channels: number, stride: 1 | 2])[] = [
  [32, 1],
  [64, 2],
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  ...Array.from({ length: 5 }, () => [256, 1] as const),
  [512, 2],
  [512, 1],
  [512, 1],
];

const SIZE = 128;

/** Weights whose sums keep the size of their inputs (He et al. 2015). */
function weights(lib: Library, shape: number[], terms: number, seed: number): Tensor4D {
  return tensor(lib, shape, seed, Math.sqrt(6 / terms)) as Tensor4D;
}

/** A network of 30 layers on one image: a convolution, 14 separable pairs, and a product; the layers' function, of that image or another. */
export function separableNetwork(lib: Library): (x?: Tensor4D) => Tensor {
  const image = tensor(lib, [1, SIZE, SIZE, 3], 1) as Tensor4D;
  const first = weights(lib, [3, 3, 3, 16], 27, 2);
  let inputs = 16;
  const layers = blocks.map(([channels, strides], i) => {
    const layer = {
      strides,
      depthwise: weights(lib, [3, 3, inputs, 1], 9, 3 * i + 3),
      depthwiseBias: tensor(lib, [inputs], 3 * i + 4, 0.1),
      pointwise: weights(lib, [1, 1, inputs, channels], inputs, 3 * i + 5),
      pointwiseBias: tensor(lib, [channels], 3 * i + 6, 0.1),
    };
    inputs = channels;
    return layer;
  });
  const last = tensor(lib, [inputs, 1000], 90, 0.05);
  return (input = image) =>
    lib.tidy(() => {
      const pad = 'same';
      let x = lib.relu(lib.conv2d(input, first, 2, pad)) as Tensor4D;
      for (const { strides, depthwise, depthwiseBias, pointwise, pointwiseBias } of layers) {
        x = lib.fused.depthwiseConv2d({
          x,
          filter: depthwise,
          strides,
          pad,
          bias: depthwiseBias,
          activation: 'relu6',
        });
        x = lib.fused.conv2d({
          x,
          filter: pointwise,
          strides: 1,
          pad,
          bias: pointwiseBias,
          activation: 'relu6',
        });
      }
      const features = lib.reshape(lib.mean(x, [1, 2]), [1, inputs]);
      return lib.softmax(lib.matMul(features as never, last as never)) as Tensor;
    });
}
