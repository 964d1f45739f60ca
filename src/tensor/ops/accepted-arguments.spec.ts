// Arguments that programs of this field give, beside those that the definitions ask for.
import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';

describe('indices of rank 1', () => {
  it('are places along the first axis for scatterND and tensorScatterUpdate', () => {
    dl.tidy(() => {
      expectExact(dl.scatterND([1, 3], [10, 20], [4]), [0, 10, 0, 20]);
      expectExact(dl.scatterND(dl.tensor1d([1, 1, 9], 'int32'), [10, 20, 5], [4]), [0, 30, 0, 0]);
      expectExact(
        dl.scatterND(
          [2, 0],
          [
            [1, 2],
            [3, 4],
          ],
          [3, 2],
        ),
        [
          [3, 4],
          [0, 0],
          [1, 2],
        ],
      );
      expectExact(dl.tensorScatterUpdate([1, 2, 3, 4], [1, 3], [10, 20]), [1, 10, 3, 20]);
      expectExact(dl.grad((x) => dl.scatterND([1, 3], x, [4]).square())([3, 5]), [6, 10]);
    });
  });

  it('are one place where the updates are one slice', () => {
    dl.tidy(() => {
      expectExact(dl.scatterND([1, 0], 7, [2, 2]), [
        [0, 0],
        [7, 0],
      ]);
      expectExact(dl.scatterND([1], [7, 8], [2, 2]), [
        [0, 0],
        [7, 8],
      ]);
      expectExact(
        dl.gatherND(
          [
            [1, 2],
            [3, 4],
          ],
          dl.tensor1d([1, 0], 'int32'),
        ),
        3,
      );
    });
  });
});

describe('tensors of several dtypes', () => {
  it('are not stacked', () => {
    dl.tidy(() => {
      const [ints, floats] = [dl.tensor1d([1, 2], 'int32'), dl.tensor1d([0.5, 1])];
      expect(() => dl.stack([floats, ints])).toThrowError(
        "stack: argument 'tensors[1]' is int32; wanted float32, as the first: cast one of them",
      );
      expect(() => ints.stack(dl.tensor1d([true, false]))).toThrowError(
        /'tensors\[1\]' is bool; wanted int32/,
      );
      expectExact(dl.stack([floats, ints.toFloat()]), [
        [0.5, 1],
        [1, 2],
      ]);
    });
  });

  it('are joined, and chosen among, in the wider one', () => {
    dl.tidy(() => {
      const [ints, floats] = [dl.tensor1d([1, 2], 'int32'), dl.tensor1d([0.5, 1])];
      expect(dl.concat([ints, floats]).dtype).toBe('float32');
      expect(dl.where([true, false], ints, floats).dtype).toBe('float32');
    });
  });
});

describe('meshgrid of scalars', () => {
  it('has axes of one element', () => {
    dl.tidy(() => {
      const [x, y] = dl.meshgrid(3, [4, 5]);
      expectExact(x!, [[3], [3]]);
      expectExact(y!, [[4], [5]]);
      const [a, b] = dl.meshgrid(dl.scalar(3), 4, { indexing: 'ij' });
      expectExact(a!, [[3]]);
      expectExact(b!, [[4]]);
    });
  });
});

describe('diag of rank 4', () => {
  it('has rank 8', () => {
    dl.tidy(() => {
      const x = dl.range(1, 5).reshape<dl.Rank.R4>([1, 2, 1, 2]);
      const y = dl.diag(x);
      expect(y.shape).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
      expectExact(y.reshape([4, 4]), [
        [1, 0, 0, 0],
        [0, 2, 0, 0],
        [0, 0, 3, 0],
        [0, 0, 0, 4],
      ]);
      expectExact(dl.grad((each) => dl.diag(each).square())(x), [[[[2, 4]], [[6, 8]]]]);
    });
  });
});

describe('bare arrays in chained methods', () => {
  it('are one operand of the rank of the tensor, or a list of such', () => {
    dl.tidy(() => {
      const [row, matrix] = [dl.tensor1d([1, 2]), dl.tensor2d([[1, 2]])];
      expectExact(row.concat([3]), [1, 2, 3]);
      expectExact(row.concat([[3]]), [1, 2, 3]);
      expectExact(row.concat([[3], [4, 5]]), [1, 2, 3, 4, 5]);
      expectExact(row.concat(new Float32Array([3])), [1, 2, 3]);
      expectExact(row.concat([new Float32Array([3])]), [1, 2, 3]);
      expectExact(row.concat([row, [3]]), [1, 2, 1, 2, 3]);
      expectExact(matrix.concat([[3, 4]]), [
        [1, 2],
        [3, 4],
      ]);
      expectExact(matrix.concat([[[3, 4]], [[5, 6]]]), [
        [1, 2],
        [3, 4],
        [5, 6],
      ]);
      expectExact(matrix.concat([[3]], 1), [[1, 2, 3]]);
      expectExact(row.stack([3, 4]), [
        [1, 2],
        [3, 4],
      ]);
      expectExact(
        row.stack([
          [3, 4],
          [5, 6],
        ]),
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      );
      expectExact(dl.scalar(1).stack(2), [1, 2]);
      expectExact(dl.scalar(1).stack([2, 3]), [1, 2, 3]);
    });
  });
});

describe('einsum with extents of 1, and with an ellipsis that the result has not', () => {
  it('repeats the ones', () => {
    dl.tidy(() => {
      const x = [
        [1, 2],
        [3, 4],
      ];
      expectClose(dl.einsum('ij,ij->ij', x, [[10, 20]]), [
        [10, 40],
        [30, 80],
      ]);
      expectClose(dl.einsum('ij,jk->ik', [[1], [2]], x), [
        [4, 6],
        [8, 12],
      ]);
      expectClose(dl.einsum('ij,ij->', x, [[1]]), 10);
      expectClose(dl.einsum('ii->i', [[5, 6, 7]]), [5, 6, 7]);
      const gradient = dl.grad((a) => dl.einsum('ij,ij->ij', x, a));
      expectClose(gradient([[10, 20]]), [[4, 6]]);
    });
  });

  it('sums over what the ellipsis stands for', () => {
    dl.tidy(() => {
      const x = [
        [1, 2],
        [3, 4],
      ];
      expectClose(dl.einsum('i...->i', x), [3, 7]);
      expectClose(dl.einsum('...i->i', x), [4, 6]);
      expectClose(dl.einsum('...->', x), 10);
      expectClose(dl.einsum('...i,i->', x, [1, 10]), 64);
      expectClose(dl.grad((each) => dl.einsum('i...->i', each).square())(x), [
        [6, 6],
        [14, 14],
      ]);
    });
  });
});

describe('a size that no memory holds', () => {
  it('is refused without growing the memory first', () => {
    const held = (): unknown => {
      const { numTensors, numDataBuffers, numBytes, backend } = dl.memory();
      return { numTensors, numDataBuffers, numBytes, reserved: backend.reservedBytes };
    };
    const before = held();
    for (const size of [2 ** 40, 2 ** 50]) {
      expect(() => dl.zeros([size])).toThrowError(/out of memory|holds at most/);
      expect(() => dl.randomUniform([1024, size / 1024])).toThrowError(/out of memory|holds at most/);
    }
    expect(held()).toEqual(before);
  });
});
