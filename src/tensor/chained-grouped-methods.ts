/** The types of the chainable forms of the ops that have a group; chained-grouped.ts has the forms. */
import type { DataType } from '../kernels';
import type { meshgrid } from './ops/broadcasting';
import type { broadcastArgs } from './ops/host';
import type * as image from './ops/image';
import type { bandPart } from './ops/linalg';
import type * as losses from './ops/losses';
import type { toPixels } from './ops/pixels';
import type { basicLSTMCell } from './ops/recurrent';
import type { Rank } from './rank';
import type { Tensor, Tensor2D } from './tensor';
import type { Variable } from './variable';

/** A function of a tensor and more, without the tensor. */
type Method<F> = F extends (x: never, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

export interface GroupedMethods<R extends Rank> {
  flipLeftRight(): Tensor<R>;
  grayscaleToRGB(): Tensor<R>;
  rgbToGrayscale(): Tensor<R>;
  readonly threshold: Method<typeof image.threshold>;
  readonly cropAndResize: Method<typeof image.cropAndResize>;
  readonly rotateWithOffset: Method<typeof image.rotateWithOffset>;
  readonly transform: Method<typeof image.transform>;
  readonly nonMaxSuppression: Method<typeof image.nonMaxSuppression>;
  readonly nonMaxSuppressionAsync: Method<typeof image.nonMaxSuppressionAsync>;
  readonly nonMaxSuppressionWithScore: Method<typeof image.nonMaxSuppressionWithScore>;
  readonly nonMaxSuppressionWithScoreAsync: Method<typeof image.nonMaxSuppressionWithScoreAsync>;
  readonly nonMaxSuppressionPadded: Method<typeof image.nonMaxSuppressionPadded>;
  readonly nonMaxSuppressionPaddedAsync: Method<typeof image.nonMaxSuppressionPaddedAsync>;

  bandPart(...rest: Parameters<Method<typeof bandPart>>): Tensor<R>;
  gramSchmidt(): Tensor2D;
  qr(fullMatrices?: boolean): [Tensor<R>, Tensor<R>];

  readonly absoluteDifference: Method<typeof losses.absoluteDifference>;
  readonly computeWeightedLoss: Method<typeof losses.computeWeightedLoss>;
  readonly cosineDistance: Method<typeof losses.cosineDistance>;
  readonly hingeLoss: Method<typeof losses.hingeLoss>;
  readonly huberLoss: Method<typeof losses.huberLoss>;
  readonly logLoss: Method<typeof losses.logLoss>;
  readonly meanSquaredError: Method<typeof losses.meanSquaredError>;
  readonly sigmoidCrossEntropy: Method<typeof losses.sigmoidCrossEntropy>;
  readonly softmaxCrossEntropy: Method<typeof losses.softmaxCrossEntropy>;

  readonly basicLSTMCell: Method<typeof basicLSTMCell>;
  readonly broadcastArgs: Method<typeof broadcastArgs>;
  readonly meshgrid: Method<typeof meshgrid>;
  readonly toPixels: Method<typeof toPixels>;
  /** A variable that begins with the values of this tensor, which stays the caller's. */
  variable(trainable?: boolean, name?: string, dtype?: DataType): Variable<R>;
}
