/** Operators of MediaPipe's models of faces, which look at parts of a picture (mediapipe/util/tflite/operations). */
import * as dl from '../../../tensor';
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '../../../tensor';
import type { OpTable } from '../row';

/** One row of a matrix, of numbers that are scalars or known. */
const row = (...numbers: readonly (Tensor | number)[]): Tensor =>
  dl.stack(numbers.map((each) => (typeof each === 'number' ? dl.scalar(each) : each)));

/** The first two rows of a matrix of 4 × 4, without the column for depth: [2, 3]. */
const flatPart = (matrix: Tensor): Tensor2D =>
  dl.gather(dl.slice(dl.reshape(matrix, [4, 4]), [0, 0], [2, 4]), [0, 1, 3], 1);

export const mediapipe: OpTable = {
  /** The matrix that leads from a part of a picture to where some points of a face are: turned, scaled and shifted. */
  'custom Landmarks2TransformMatrix': {
    run: ({ x, attributes }) => {
      const number = (name: string): number => attributes.number(name, NaN);
      const points = dl.slice(dl.reshape(x[0]!, [-1, 3]), [0, 0], [-1, 2]);
      const point = (name: string): Tensor => dl.reshape(dl.slice(points, [number(name), 0], [1, 2]), [2]);
      const [dx, dy] = dl.unstack(dl.sub(point('right_rotation_idx'), point('left_rotation_idx'))) as [
        Tensor,
        Tensor,
      ];
      const angle = dl.sub(number('target_rotation_radians'), dl.atan2(dy, dx));
      const [cos, sin] = [dl.cos(angle), dl.sin(angle)];
      // A row vector is turned by the transposed matrix.
      const turn = dl.stack([row(cos, sin), row(dl.neg(sin), cos)]) as Tensor2D;
      const turned = dl.matMul(dl.gather(points, [...attributes.numbers('subset_idxs')]), turn);
      const [least, greatest] = [dl.min(turned, 0), dl.max(turned, 0)];
      const middle = dl.mul(dl.add(least, greatest), 0.5);
      const center = dl.reshape(dl.matMul(dl.reshape(middle, [1, 2]), turn, false, true), [2]);
      const size: [number, number] = [number('output_width'), number('output_height')];
      const scale = dl.mul(dl.sub(greatest, least), [
        number('scale_x') / size[0],
        number('scale_y') / size[1],
      ]);
      // The inverse turn, scaled; the middle of the part comes to the center of the points.
      const linear = dl.mul<Tensor2D>(turn, dl.reshape(scale, [1, 2]));
      const half = dl.tensor2d([-size[0] / 2, -size[1] / 2], [2, 1]);
      const shift = dl.add(dl.reshape(center, [2, 1]), dl.matMul(linear, half));
      const top = dl.concat([linear, dl.zeros([2, 1]), shift], 1);
      const rest = dl.tensor2d([0, 0, 1, 0, 0, 0, 0, 1], [2, 4]);
      return dl.reshape(dl.concat([top, rest], 0), [1, 4, 4]);
    },
  },
  'custom TransformLandmarks': {
    run: ({ x }) => {
      const [points, matrix] = x as [Tensor3D, Tensor];
      const part = flatPart(matrix);
      const places = dl.slice(points, [0, 0, 0], [-1, -1, 2]);
      const flat = dl.reshape(places, [-1, 2]);
      const moved = dl.add(
        dl.matMul(flat, dl.slice(part, [0, 0], [2, 2]), false, true),
        dl.reshape(dl.slice(part, [0, 2], [2, 1]), [2]),
      );
      const shaped = dl.reshape(moved, places.shape);
      return points.shape[2] === 2
        ? shaped
        : dl.concat([shaped, dl.slice(points, [0, 0, 2], [-1, -1, -1])], 2);
    },
  },
  /** A part of a picture, to which a matrix leads. Between pixels it is bilinear, beyond the picture 0. */
  'custom TransformTensorBilinear': {
    run: ({ x, attributes }) => {
      const [image, matrix] = x as [Tensor4D, Tensor];
      const [height, width] = [
        attributes.number('output_height', NaN),
        attributes.number('output_width', NaN),
      ];
      const [, rows, columns, channels] = image.shape;
      // The middles of pixels are at halves.
      const pixels = dl.tensor2d(
        Array.from({ length: height * width }, (_, i) => [(i % width) + 0.5, Math.floor(i / width) + 0.5, 1]),
      );
      const places = dl.sub(dl.matMul(pixels, flatPart(matrix), false, true), 0.5);
      const [px, py] = dl.unstack(places, 1) as [Tensor, Tensor];
      const inside = dl.logicalAnd(
        dl.logicalAnd(dl.greaterEqual(px, 0), dl.lessEqual(px, columns - 1)),
        dl.logicalAnd(dl.greaterEqual(py, 0), dl.lessEqual(py, rows - 1)),
      );
      const [left, top] = [dl.floor(px), dl.floor(py)];
      const [right, low] = [dl.sub(px, left), dl.sub(py, top)];
      const flat = dl.reshape(image, [rows * columns, channels]);
      const corner = (dx: number, dy: number): Tensor => {
        const column = dl.clipByValue(dl.add(left, dx), 0, columns - 1);
        const line = dl.clipByValue(dl.add(top, dy), 0, rows - 1);
        const values = dl.gather(flat, dl.cast(dl.add(dl.mul(line, columns), column), 'int32'));
        const share = dl.mul(dx ? right : dl.sub(1, right), dy ? low : dl.sub(1, low));
        return dl.mul(values, dl.reshape(dl.mul(share, dl.cast(inside, 'float32')), [-1, 1]));
      };
      const sum = dl.addN([corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)]);
      return dl.reshape(sum, [1, height, width, channels]);
    },
  },
};
