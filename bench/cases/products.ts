import { tensor, type Tensor4D } from '../library';
import { onPair, prepared, wasm, type Case } from './case';

function product(m: number, n: number, k: number): Case {
  const shapes = [(lib) => tensor(lib, [m, k], 1), (lib) => tensor(lib, [k, n], 2)] satisfies Parameters<
    typeof onPair
  >[2];
  return {
    ...onPair(`matMul ${m}×${k} · ${k}×${n}`, wasm(1.1, 1.5), shapes, (lib, a, b) => lib.matMul(a, b)),
    multiplyAdds: m * n * k,
  };
}

function convolution(
  image: [number, number, number, number],
  filter: number,
  out: number,
  stride: number,
): Case {
  const [batch, height, width, channels] = image;
  return {
    name: `conv2d ${filter}×${filter}${stride > 1 ? ` stride ${stride}` : ''}, ${image.join('×')} → ${out}`,
    ...wasm(1.1, 1.5),
    multiplyAdds: (batch * height * width * filter * filter * channels * out) / (stride * stride),
    prepare: (lib) => {
      const x = tensor(lib, image, 1) as Tensor4D;
      const f = tensor(lib, [filter, filter, channels, out], 2) as Tensor4D;
      return prepared(() => lib.conv2d(x, f, stride, 'same'));
    },
  };
}

export const products: readonly Case[] = [
  product(256, 256, 256),
  product(512, 512, 512),
  product(1024, 1024, 1024),
  {
    ...onPair(
      'matMul (300×500)ᵀ · 300×500',
      wasm(5, 5),
      [(lib) => tensor(lib, [300, 500], 1), (lib) => tensor(lib, [300, 500], 2)],
      (lib, a, b) => lib.matMul(a, b, true, false),
    ),
    multiplyAdds: 500 * 500 * 300,
  },
  convolution([1, 56, 56, 64], 3, 64, 1),
  convolution([1, 28, 28, 256], 1, 256, 1),
  convolution([4, 64, 64, 32], 5, 64, 2),
  convolution([1, 224, 224, 3], 3, 32, 2),
  {
    name: 'depthwise 3×3, 1×56×56×128',
    ...wasm(1.2, 2),
    multiplyAdds: 56 * 56 * 128 * 9,
    prepare: (lib) => {
      const x = tensor(lib, [1, 56, 56, 128], 1) as Tensor4D;
      const f = tensor(lib, [3, 3, 128, 1], 2) as Tensor4D;
      return prepared(() => lib.depthwiseConv2d(x, f, 1, 'same'));
    },
  },
];
