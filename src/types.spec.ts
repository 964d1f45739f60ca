// What the compiler knows of ranks, as assertions that it checks: a wrong one does not compile. The calls run too, so that what the
// types say of a rank is what comes out.
import * as dl from 'rxtensor';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Accepts a value whose type is exactly that of `wanted`, and expects the rank that the type tells. */
function is<Wanted extends dl.Tensor>(wantedRank: number): <T>(value: T, same: Same<T, Wanted>) => void {
  return (value) => {
    expect((value as unknown as dl.Tensor).rank).toBe(wantedRank);
  };
}
const isScalar = is<dl.Scalar>(0);
const is1D = is<dl.Tensor1D>(1);
const is2D = is<dl.Tensor2D>(2);
const is3D = is<dl.Tensor3D>(3);
const is4D = is<dl.Tensor4D>(4);

describe('types', () => {
  it('name the rank of what is made', () => {
    dl.tidy(() => {
      isScalar(dl.scalar(1), true);
      is1D(dl.tensor1d([1]), true);
      is2D(dl.tensor2d([[1]]), true);
      is3D(dl.tensor3d([[[1]]]), true);
      is4D(dl.tensor4d([[[[1]]]]), true);
      is<dl.Tensor5D>(5)(dl.tensor5d([[[[[1]]]]]), true);
      is<dl.Tensor6D>(6)(dl.tensor6d([[[[[[1]]]]]]), true);
      is2D(dl.zeros<dl.Rank.R2>([1, 2]), true);
      is2D(dl.ones<dl.Rank.R2>([1, 2]), true);
      is2D(dl.fill<dl.Rank.R2>([1, 2], 3), true);
      is2D(dl.eye(2), true);
      is1D(dl.linspace(0, 1, 2), true);
      is1D(dl.range(0, 2), true);
      is2D(dl.randomNormal<dl.Rank.R2>([1, 2]), true);
      is2D(dl.randomUniform<dl.Rank.R2>([1, 2]), true);
    });
  });

  it('know the rank where it is written', () => {
    dl.tidy(() => {
      const image = dl.zeros([4, 5, 3]);
      is3D(image, true);
      is2D(dl.ones([1, 2]), true);
      is2D(dl.fill([1, 2], 3), true);
      isScalar(dl.zeros([]), true);
      is2D(dl.randomNormal([3, 4]), true);
      is2D(dl.truncatedNormal([3, 4]), true);
      is2D(dl.randomUniform([3, 4], 0, 1), true);
      is1D(dl.randomUniformInt([3], 0, 9), true);
      is1D(dl.randomGamma([3], 1), true);
      is1D(
        dl.rand([3], () => 1),
        true,
      );
      is3D(image.reshape([2, 1, -1]), true);
      is3D(dl.reshape(image, [2, 1, 30]), true);
      is2D(dl.broadcastTo([1, 2], [2, 2]), true);
      is3D(dl.zeros(image.shape), true);
      is1D(dl.tensor([1, 2]), true);
      is2D(dl.tensor([[1], [2]]), true);
      is3D(dl.tensor([[[1]]]), true);
      isScalar(dl.tensor(1), true);
      is2D(dl.tensor([1, 2], [2, 1]), true);
      is1D(dl.tensor(new Float32Array(2)), true);
      is1D(dl.tensor2d([1, 2, 3, 4]), true);
      is2D(dl.tensor2d([1, 2, 3, 4], [2, 2]), true);
      is2D(dl.tensor2d([new Float32Array(2)]), true);
    });
  });

  it('keep the rank of a and b that where selects from', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([[1, 2]]);
      is2D(dl.where(x.greater(1), x, x.neg()), true);
      is2D(dl.where(x.greater(1), x, 0), true);
      is<dl.Tensor>(2)(dl.where([true, false], x, [3, 4]), true);
      is2D(dl.where<dl.Tensor2D>([true, false], x, [3, 4]), true);
    });
  });

  it('know no rank where only a list of numbers is known', () => {
    dl.tidy(() => {
      const shape: number[] = [2, 3];
      is<dl.Tensor>(2)(dl.zeros(shape), true);
      is<dl.Tensor>(2)(dl.randomNormal(shape), true);
      const named: dl.Tensor2D = dl.zeros(shape);
      is2D(named, true);
      is2D(dl.zeros<dl.Rank.R2>(shape), true);
      const values: unknown = [[1]];
      is<dl.Tensor>(2)(dl.tensor(values as dl.TensorLike), true);
    });
    // @ts-expect-error: three extents make no matrix
    const wrong = (): dl.Tensor2D => dl.zeros([1, 2, 3]);
    expect(wrong).toBeInstanceOf(Function);
  });

  it('know that everything in one number is a scalar', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([[1, 2]]);
      isScalar(x.mean(), true);
      isScalar(dl.sum(x), true);
      isScalar(dl.max(x, null), true);
      isScalar(x.cast('bool').any(), true);
      isScalar(x.logSumExp(), true);
      isScalar(x.norm(), true);
      isScalar(dl.norm(x, 1), true);
      isScalar(dl.euclideanNorm(x), true);
      isScalar(dl.moments(x).variance, true);
      isScalar(x.moments().mean, true);
      isScalar(dl.losses.meanSquaredError(x, x), true);
      isScalar(dl.losses.huberLoss(x, x, null, 2, dl.Reduction.SUM), true);
      isScalar(x.softmaxCrossEntropy(x), true);
      is<dl.Tensor>(2)(dl.losses.meanSquaredError(x, x, null, dl.Reduction.NONE), true);
      is2D(x.sum(null, true), true);
      is1D(x.sum<dl.Tensor1D>(0), true);
    });
  });

  it('know the rank with an axis less or more', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([[1, 2]]);
      is1D(x.mean(0), true);
      is1D(dl.sum(x, 1), true);
      is2D(dl.max(x, 1, true), true);
      is2D(x.min([0], true), true);
      is1D(x.argMax(1), true);
      is1D(dl.argMin(x), true);
      is3D(x.expandDims(), true);
      is3D(dl.expandDims(x, 1), true);
      is1D(x.squeeze(0), true);
      is1D(dl.squeeze(x, [0]), true);
      is1D(x.unstack()[0]!, true);
      is3D(x.stack(x), true);
      is3D(dl.stack([x, x]), true);
      is<dl.Tensor>(2)(dl.stack([[1, 2]]), true);
      is2D(dl.oneHot([0, 1], 2), true);
      is2D(dl.tensor1d([0, 1], 'int32').oneHot(2), true);
      const any: dl.Tensor = x;
      is<dl.Tensor>(1)(any.mean(0), true);
      is<dl.Tensor>(3)(any.expandDims(), true);
      is2D(any.expandDims<dl.Tensor3D>().squeeze(0), true);
    });
  });

  it('know the rank of a call inside of a call', () => {
    dl.tidy(() => {
      const image = dl.zeros([4, 4, 1], 'int32');
      const filter = dl.ones([1, 1, 1, 1]);
      is3D(dl.conv2d(image.toFloat().div(255), filter, 1, 'same'), true);
      is4D(dl.conv2d(filter.toFloat().div(255), filter, 1, 'same'), true);
      is3D(dl.maxPool(image.toFloat(), 2, 2, 'same'), true);
      is3D(dl.relu(image.toFloat()), true);
      is3D(dl.clone(dl.relu(image.toFloat())), true);
      const either: dl.Tensor3D | dl.Tensor4D = image;
      expect(either.toFloat().rank).toBe(3);
    });
    const weights = dl.tidy(() => dl.variable(dl.randomNormal([3, 4])));
    const isVariable: Same<typeof weights, dl.Variable<dl.Rank.R2>> = true;
    expect(isVariable).toBeTrue();
    weights.dispose();
  });

  it('keep the rank of elementwise ops', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([[1, 2]]);
      is2D(dl.relu(x), true);
      is2D(x.relu(), true);
      is2D(dl.abs(x), true);
      is2D(dl.leakyRelu(x, 0.1), true);
      is2D(dl.clipByValue(x, 0, 1), true);
      is2D(x.clipByValue(0, 1), true);
      is2D(dl.cast(x, 'int32'), true);
      is2D(x.toInt(), true);
      is2D(dl.clone(x), true);
      is2D(dl.zerosLike(x), true);
      is2D(dl.onesLike(x), true);
      is2D(dl.softmax(x), true);
      is2D(dl.logSoftmax(x), true);
      is2D(dl.add(x, 1), true);
      is2D(dl.add(x, x), true);
      is2D(x.sub(x), true);
      is2D(x.mul(2), true);
      is2D(x.div(dl.scalar(2)), true);
      is2D(dl.pow(x, 2), true);
      is2D(dl.less(x, 1), true);
      is2D(dl.addStrict(x, x), true);
      is2D(dl.addN([x, x]), true);
      is2D(dl.dropout(x, 0.5), true);
      is2D(dl.cumsum(x, 0), true);
      is2D(x.cumprod(1), true);
    });
  });

  it('follow shaping', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([[1, 2]]);
      is1D(x.flatten(), true);
      is1D(x.as1D(), true);
      is3D(x.as3D(1, 2, 1), true);
      is3D(dl.reshape<dl.Rank.R3>(x, [1, 2, 1]), true);
      is2D(dl.transpose(x), true);
      is2D(
        dl.pad(x, [
          [0, 1],
          [0, 0],
        ]),
        true,
      );
      is2D(dl.tile(x, [1, 2]), true);
      is2D(dl.reverse(x), true);
      is2D(dl.slice(x, [0, 0], [1, 1]), true);
      is2D(dl.concat([x, x]), true);
      is2D(dl.concat2d([x, x], 0), true);
      is2D(dl.gather(x, [0]), true);
      is2D(dl.split(x, 2, 1)[0]!, true);
      is1D(dl.concat1d([dl.tensor1d([1])]), true);
      is2D(dl.slice2d(x, [0, 0], [1, 1]), true);
      is2D(
        dl.pad2d(x, [
          [0, 0],
          [0, 0],
        ]),
        true,
      );
      is2D(dl.reverse2d(x), true);
      is2D(dl.linalg.bandPart(x, 0, 0), true);
      is2D(x.bandPart(0, 0), true);
      is2D(dl.topk(x, 1).values, true);
    });
  });

  it('follow what images and matrices become', () => {
    dl.tidy(() => {
      const image = dl.zeros<dl.Rank.R3>([2, 2, 1]);
      const batch = dl.zeros<dl.Rank.R4>([1, 2, 2, 1]);
      const filter = dl.ones<dl.Rank.R4>([1, 1, 1, 1]);
      is3D(dl.conv2d(image, filter, 1, 'same'), true);
      is4D(dl.conv2d(batch, filter, 1, 'same'), true);
      is3D(dl.depthwiseConv2d(image, filter, 1, 'same'), true);
      is4D(dl.maxPool(batch, 1, 1, 'same'), true);
      is4D(batch.avgPool(1, 1, 'same'), true);
      is4D(dl.batchNorm(batch, [0], [1]), true);
      is3D(dl.image.resizeBilinear(image, [1, 1]), true);
      is4D(dl.image.resizeNearestNeighbor(batch, [1, 1]), true);
      is4D(dl.image.flipLeftRight(batch), true);
      is4D(dl.image.cropAndResize(batch, [[0, 0, 1, 1]], [0], [1, 1]), true);
      is3D(dl.browser.fromPixels({ data: new Uint8Array(4), width: 1, height: 1 }), true);
      const x = dl.tensor2d([[1]]);
      is2D(dl.outerProduct([1], [2]), true);
      is1D(dl.matrixTimesVector(x, [1]), true);
      is1D(dl.vectorTimesMatrix([1], x), true);
      is2D(dl.matMul(x, x), true);
      is2D(x.matMul(x), true);
      is1D(dl.image.nonMaxSuppression([[0, 0, 1, 1]], [1], 1), true);
    });
  });

  it('follow variables and values', () => {
    const x = dl.tensor2d([[1, 2]]);
    const weights = dl.variable(x);
    const sameVariable: Same<typeof weights, dl.Variable<dl.Rank.R2>> = true;
    const sameRows: Same<Awaited<ReturnType<typeof x.array>>, number[][]> = true;
    const number = dl.scalar(1);
    const sameValue: Same<ReturnType<typeof number.arraySync>, number> = true;
    const shape: Same<typeof x.shape, [number, number]> = true;
    expect([sameVariable, sameRows, sameValue, shape]).toEqual([true, true, true, true]);
    dl.dispose([x, weights, number]);
  });
});
