import { mergeAxes, stridesOf } from '../../strides';
import { offsetOf } from '../backend';
import { walkOuterAxes } from '../walk';
import type { SimdKernel } from './simd-kernel';

/**
 * A permutation that keeps the last axis last copies runs. Any other transposes planes, whose axes are the one along which x is
 * contiguous and the one along which y is. The compiled loops walk one more axis, this function the rest.
 */
export const transpose: SimdKernel<'transpose'> =
  (simd) =>
  (_backend, [input], [output], { permutation }) => {
    const { shape } = output!;
    const x = offsetOf(input!);
    const y = offsetOf(output!);
    if (output!.size === 0) return;
    const inputStrides = stridesOf(input!.shape);
    const xStrides = permutation.map((axis) => inputStrides[axis]!);
    const nest = mergeAxes(shape, [xStrides, stridesOf(shape)]);
    const last = nest.shape.length - 1;
    const [xSteps, ySteps] = nest.strides as [number[], number[]];
    const rows = nest.shape[last]!;
    if (xSteps[last] === 1 || rows === 1) {
      const inner = nest.shape[last - 1] ?? 1;
      walkOuterAxes(nest, 2, [0, 0], ([from, to]) => {
        const xInner = (xSteps[last - 1] ?? 0) * 4;
        const yInner = (ySteps[last - 1] ?? 0) * 4;
        simd.copyRuns(x + from! * 4, y + to! * 4, 1, 0, 0, inner, xInner, yInner, rows * 4);
      });
      return;
    }
    // The compiled loop walks the axes of the plane and the last of the others.
    const plane = xSteps.indexOf(1);
    const order = nest.shape.map((_, axis) => axis).filter((axis) => axis !== plane && axis !== last);
    const outer = {
      shape: order.map((axis) => nest.shape[axis]!),
      strides: nest.strides.map((strides) => order.map((axis) => strides[axis]!)),
    };
    const batch = order.length - 1;
    const planes = outer.shape[batch] ?? 1;
    walkOuterAxes(outer, 1, [0, 0], ([from, to]) => {
      simd.transposePlanes(
        x + from! * 4,
        y + to! * 4,
        planes,
        (outer.strides[0]![batch] ?? 0) * 4,
        (outer.strides[1]![batch] ?? 0) * 4,
        rows,
        nest.shape[plane]!,
        xSteps[last]! * 4,
        ySteps[plane]! * 4,
      );
    });
  };
