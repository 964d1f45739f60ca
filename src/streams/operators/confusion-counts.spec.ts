import * as dl from 'rxtensor';
import { of, type OperatorFunction } from 'rxjs';

const first = { labels: [0, 1, 2, 2], predictions: Int32Array.from([0, 2, 2, 1]) };
const second = { labels: new Float32Array([2]), predictions: [2] };

async function emitted<R>(
  values: dl.Classified[],
  counting: OperatorFunction<dl.Classified, R>,
): Promise<R[]> {
  const seen: R[] = [];
  await of(...values)
    .pipe(counting)
    .forEach((each) => seen.push(each));
  return seen;
}

describe('confusionCounts', () => {
  it('counts the predictions of each class so far', async () => {
    expect(await emitted([first, second], dl.confusionCounts(3))).toEqual([
      [
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 1],
      ],
      [
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 2],
      ],
    ]);
  });

  it('says what is no class, and where lengths differ', async () => {
    await expectAsync(emitted([first], dl.confusionCounts(2))).toBeRejectedWithError(
      'confusionCounts: there is 2 among the predictions; wanted classes from 0 to 1',
    );
    await expectAsync(
      emitted([{ labels: [0.5], predictions: [0] }], dl.confusionCounts(2)),
    ).toBeRejectedWithError('confusionCounts: there is 0.5 among the labels; wanted classes from 0 to 1');
    await expectAsync(
      emitted([{ labels: [1, 1], predictions: [0] }], dl.confusionCounts(2)),
    ).toBeRejectedWithError(
      'confusionCounts: the value has 2 labels and 1 predictions; wanted as many of each, as {labels, predictions}',
    );
    expect(() => dl.confusionCounts(0)).toThrowError(
      "confusionCounts: argument 'classes' is 0; wanted a positive integer",
    );
  });
});

describe('accuracy', () => {
  it('is the share that is right so far', async () => {
    expect(await emitted([first, second], dl.accuracy())).toEqual([2 / 4, 3 / 5]);
  });

  it('says where there is nothing to compare', async () => {
    await expectAsync(emitted([{} as dl.Classified], dl.accuracy())).toBeRejectedWithError(
      'accuracy: the value has no labels and no predictions; wanted as many of each, as {labels, predictions}',
    );
  });
});
