import type * as dl from 'rxtensor';

type Dense = dl.Tensor;

/** Names of TensorFlow.js that cases use and that the library may not have yet: such a case is reported as missing. */
interface Wanted {
  readonly image: { resizeBilinear: (images: dl.Tensor4D, size: [number, number]) => Dense };
  batchNorm: (x: Dense, mean: Dense, variance: Dense, offset: Dense, scale: Dense) => Dense;
  basicLSTMCell: (
    forgetBias: Dense,
    kernel: dl.Tensor2D,
    bias: Dense,
    data: dl.Tensor2D,
    c: dl.Tensor2D,
    h: dl.Tensor2D,
  ) => [dl.Tensor2D, dl.Tensor2D];
}

/**
 * The names that a case uses. TensorFlow.js and, for the oldest of them, deeplearn.js have the same with the same
 * meanings, so that one text serves all.
 */
export type Library = typeof dl & Wanted;
export type Tensor = dl.Tensor;
export type Tensor2D = dl.Tensor2D;
export type Tensor3D = dl.Tensor3D;
export type Tensor4D = dl.Tensor4D;

/** Numbers in [−1, 1), the same for all contestants (Park & Miller's minimal standard generator). */
export function values(size: number, seed: number): Float32Array {
  let state = seed * 7919 + 1;
  return Float32Array.from({ length: size }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  });
}

export function tensor(lib: Library, shape: number[], seed: number, scale = 1): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return lib.tensor(
    values(size, seed).map((value) => value * scale),
    shape,
  );
}
