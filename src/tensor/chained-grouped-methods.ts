/** The types of the methods that chained-grouped.ts implements. */
import type { DataType } from '../kernels';
import type { Indexing, LossOf, PaddedSelection, ScoredSelection } from './ops/method-types';
import type { Rank } from './rank';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from './tensor';
import type { TensorInput } from './tensor-like';
import type { Variable } from './variable';

export interface GroupedMethods<R extends Rank> {
  flipLeftRight(): Tensor<R>;
  grayscaleToRGB(): Tensor<R>;
  rgbToGrayscale(): Tensor<R>;
  threshold(method?: 'binary' | 'otsu', inverted?: boolean, threshValue?: number): Tensor3D;
  cropAndResize(
    boxes: TensorInput,
    boxInd: TensorInput,
    cropSize: [number, number],
    method?: 'bilinear' | 'nearest',
    extrapolationValue?: number,
  ): Tensor4D;
  rotateWithOffset(
    radians: number,
    fillValue?: number | [number, number, number],
    center?: number | [number, number],
  ): Tensor4D;
  transform(
    transforms: TensorInput,
    interpolation?: 'nearest' | 'bilinear',
    fillMode?: 'constant' | 'reflect' | 'wrap' | 'nearest',
    fillValue?: number,
    outputShape?: [number, number],
  ): Tensor4D;
  nonMaxSuppression(
    scores: TensorInput,
    maxOutputSize: number,
    iouThreshold?: number,
    scoreThreshold?: number,
  ): Tensor1D;
  nonMaxSuppressionAsync(
    scores: TensorInput,
    maxOutputSize: number,
    iouThreshold?: number,
    scoreThreshold?: number,
  ): Promise<Tensor1D>;
  nonMaxSuppressionWithScore(
    scores: TensorInput,
    maxOutputSize: number,
    iouThreshold?: number,
    scoreThreshold?: number,
    softNmsSigma?: number,
  ): ScoredSelection;
  nonMaxSuppressionWithScoreAsync(
    scores: TensorInput,
    maxOutputSize: number,
    iouThreshold?: number,
    scoreThreshold?: number,
    softNmsSigma?: number,
  ): Promise<ScoredSelection>;
  nonMaxSuppressionPadded(
    scores: TensorInput,
    maxOutputSize: number,
    iouThreshold?: number,
    scoreThreshold?: number,
    padToMaxOutputSize?: boolean,
  ): PaddedSelection;
  nonMaxSuppressionPaddedAsync(
    scores: TensorInput,
    maxOutputSize: number,
    iouThreshold?: number,
    scoreThreshold?: number,
    padToMaxOutputSize?: boolean,
  ): Promise<PaddedSelection>;

  bandPart(numLower: number | Scalar, numUpper: number | Scalar): Tensor<R>;
  gramSchmidt(): Tensor2D;
  qr(fullMatrices?: boolean): [Tensor<R>, Tensor<R>];

  readonly absoluteDifference: LossOf<[predictions: TensorInput, weights?: TensorInput | null]>;
  readonly computeWeightedLoss: LossOf<[weights?: TensorInput | null]>;
  readonly cosineDistance: LossOf<[predictions: TensorInput, axis: number, weights?: TensorInput | null]>;
  readonly hingeLoss: LossOf<[predictions: TensorInput, weights?: TensorInput | null]>;
  readonly huberLoss: LossOf<[predictions: TensorInput, weights?: TensorInput | null, delta?: number]>;
  readonly logLoss: LossOf<[predictions: TensorInput, weights?: TensorInput | null, epsilon?: number]>;
  readonly meanSquaredError: LossOf<[predictions: TensorInput, weights?: TensorInput | null]>;
  readonly sigmoidCrossEntropy: LossOf<
    [logits: TensorInput, weights?: TensorInput | null, labelSmoothing?: number]
  >;
  readonly softmaxCrossEntropy: LossOf<
    [logits: TensorInput, weights?: TensorInput | null, labelSmoothing?: number]
  >;

  basicLSTMCell(
    lstmKernel: TensorInput,
    lstmBias: TensorInput,
    data: TensorInput,
    c: TensorInput,
    h: TensorInput,
  ): [Tensor2D, Tensor2D];
  broadcastArgs(s1: TensorInput): Tensor1D;
  meshgrid(y?: TensorInput | null, options?: Indexing | { readonly indexing?: Indexing }): Tensor2D[];
  toPixels(canvas?: HTMLCanvasElement | OffscreenCanvas): Promise<Uint8ClampedArray<ArrayBuffer>>;
  /** Makes a variable that begins with the values of this tensor. The caller still owns the tensor. */
  variable(trainable?: boolean, name?: string, dtype?: DataType): Variable<R>;
}
