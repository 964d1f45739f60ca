// A walk through shapes and indices: slices with strides, gathers and scatters, sums along axes, products by Einstein's convention.
import * as tf from '@tensorflow/tfjs-core';

function everything(): tf.Tensor[] {
  const x = tf.range(0, 24).reshape<tf.Tensor3D>([2, 3, 4]);
  const matrix = tf.tensor2d([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const indices = tf.tensor2d(
    [
      [0, 1],
      [1, 2],
    ],
    [2, 2],
    'int32',
  );
  const [upper, lower] = tf.split(matrix, 2, 0);
  const { values, indices: places } = tf.unique(tf.tensor1d([3, 1, 3, 2, 1], 'int32'));
  const buffer = tf.buffer<tf.Rank.R2>([2, 2]);
  buffer.set(5, 0, 1);
  buffer.set(7, 1, 0);
  const [columns, rows] = tf.meshgrid(tf.tensor1d([1, 2]), tf.tensor1d([3, 4, 5]));
  return [
    x.stridedSlice([0, 2, 0], [2, -4, 4], [1, -1, 2]),
    tf.stridedSlice(x, [1, 0, 1], [2, 3, 4], [1, 1, 1], 0, 0, 0, 0, 1),
    tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), 1),
    tf.gatherND(x, indices),
    tf.scatterND(tf.tensor2d([[1], [3]], [2, 1], 'int32'), tf.tensor1d([9, 8]), [5]),
    tf.oneHot(tf.tensor1d([0, 2], 'int32'), 3, 5, -5),
    tf.cumsum(x, 1, true, true),
    tf.cumprod(matrix, 1),
    x.sum([0, 2]),
    x.mean(-1, true),
    matrix.argMin(0),
    tf.prod(matrix, 1),
    tf.any(matrix.greater(5), 1),
    tf.all(matrix.greater(0)),
    tf.norm(matrix, 'euclidean', 1),
    tf.einsum('ijk,lj->ikl', x, matrix),
    tf.matMul(matrix, matrix, false, true),
    tf.dot(matrix, tf.tensor1d([1, 0, -1])),
    tf.outerProduct(tf.tensor1d([1, 2]), tf.tensor1d([3, 4, 5])),
    tf.stack([upper.squeeze([0]), lower.squeeze([0])], 1),
    tf.concat([matrix, matrix.reverse(1)], 0),
    tf.tile(matrix, [1, 2]),
    tf.batchToSpaceND(
      tf.range(0, 4).reshape([4, 1, 1, 1]),
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
    tf.spaceToBatchND(
      tf.range(0, 16).reshape([1, 4, 4, 1]),
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
    tf.unsortedSegmentSum(matrix, tf.tensor1d([1, 1], 'int32'), 2),
    tf.where(matrix.greater(3), matrix, tf.zerosLike(matrix)),
    tf.bincount(tf.tensor1d([0, 1, 1, 3], 'int32'), tf.tensor1d([]), 5),
    tf.linalg.bandPart(tf.ones<tf.Rank.R2>([3, 3]), 1, 0),
    tf.eye(2, 3),
    tf.mod(tf.tensor1d([-3, 3, 5.5]), 2),
    tf.tensor1d([7, -7], 'int32').div(tf.tensor1d([2, 2], 'int32')),
    tf.logicalXor(tf.tensor1d([true, false]), tf.tensor1d([true, true])),
    tf.squaredDifference(matrix, 2),
    tf.logSoftmax(matrix),
    tf.erf(matrix.div(3)),
    tf.broadcastTo(tf.tensor1d([1, 2, 3]), [2, 3]),
    buffer.toTensor(),
    columns,
    rows,
    values,
    places,
  ];
}

export async function run(): Promise<number[]> {
  const results: number[] = [];
  for (const tensor of tf.tidy(() => everything())) {
    results.push(tensor.rank, ...tensor.shape, ['float32', 'int32', 'bool'].indexOf(tensor.dtype));
    results.push(...(await tensor.data()));
    tensor.dispose();
  }
  const [missing, where] = await tf.setdiff1dAsync([1, 2, 3, 4], [2, 4]);
  results.push(...missing.dataSync(), ...where.dataSync());
  tf.dispose([missing, where]);
  return results;
}
