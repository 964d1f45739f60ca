import * as dl from 'rxtensor/tensor';
import { expectClose } from '../../../test/support/close';
import { expectGradients } from '../../../test/support/gradient-check';
import { sample } from '../../../test/support/reference';

describe('movingAverage', () => {
  it('moves towards x, without bias if the average began at 0', () => {
    dl.tidy(() => {
      const [v, x] = [
        dl.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        dl.tensor2d([
          [11, 12],
          [13, 14],
        ]),
      ];
      expectClose(dl.movingAverage(v, x, 0.6, undefined, false), [
        [5, 6],
        [7, 8],
      ]);
      const moved = (10 * 0.4) / (1 - 0.6 ** 2);
      expectClose(dl.movingAverage(v, x, 0.6, 2), [
        [1 + moved, 2 + moved],
        [3 + moved, 4 + moved],
      ]);
      expectClose(v.movingAverage(x, dl.scalar(0.6), dl.scalar(2)), [
        [1 + moved, 2 + moved],
        [3 + moved, 4 + moved],
      ]);
    });
  });

  it('has gradients', () => {
    expectGradients((v, x) => dl.movingAverage(v, x, 0.75, 3), [sample([2, 3], 1), sample([2, 3], 2)]);
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      expect(() => dl.movingAverage([1, 2], [1], 0.5, 1)).toThrowError(
        /movingAverage: arguments 'v' and 'x' are float32 of shape \[2\] and float32 of shape \[1\]; wanted one dtype and shape/,
      );
      expect(() => dl.movingAverage([1], dl.tensor1d([1], 'int32'), 0.5, 1)).toThrowError(
        /int32 of shape \[1\]/,
      );
      expect(() => dl.movingAverage([1], [1], 0.5)).toThrowError(/movingAverage: argument 'step' is missing/);
    });
  });
});
