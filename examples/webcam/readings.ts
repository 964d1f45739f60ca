import type { Scalar, Tensor3D } from 'rxtensor';

/** What is measured of a frame. */
export interface Reading {
  /** The mean brightness of the picture, from 0 to 1. */
  readonly brightness: number;
  /** The mean change of a pixel since the frame before, from 0 to 1. */
  readonly motion: number;
}

/** The brightness, and the motion between two successive gray pictures. */
export function measure(pair: Tensor3D): { brightness: Scalar; motion: Scalar } {
  const [before, now] = pair.unstack();
  return { brightness: now!.mean<Scalar>(), motion: now!.sub(before!).abs().mean<Scalar>() };
}
