import { Subject } from 'rxjs';
import * as dl from 'rxtensor';
import { perceptron } from '../cases/training';
import type { Library } from '../library';
import { percentMore, type StreamCase } from './case';

/** A stream that trains, beside the loop that one writes without streams; both give the loss. */
export const trainStep: StreamCase = {
  name: 'a step of trainStep, MLP 784-128-10, batch 64, Adam',
  against: 'the same by optimizer.minimize',
  asked: 'at most 5 % more',
  figure: percentMore(5),
  prepare: () => {
    const streamed = perceptron(dl as Library, 'streamed');
    const looped = perceptron(dl as Library, 'looped');
    const losses: { streamed: number[]; looped: number[] } = { streamed: [], looped: [] };
    let isChecking = false;
    const batches = new Subject<null>();
    batches.pipe(dl.trainStep(dl.train.adam(0.001), () => streamed.loss())).subscribe((loss) => {
      if (isChecking) losses.streamed.push(loss.dataSync()[0]!);
    });
    const adam = dl.train.adam(0.001);
    const ours = (): void => batches.next(null);
    const theirs = (): void => {
      const loss = adam.minimize(looped.loss as () => dl.Scalar, true)!;
      if (isChecking) losses.looped.push(loss.dataSync()[0]!);
      loss.dispose();
    };
    return {
      ours,
      theirs,
      check: () => {
        isChecking = true;
        for (let i = 0; i < 5; i++) {
          ours();
          theirs();
        }
        isChecking = false;
        return Promise.resolve([losses.streamed, losses.looped]);
      },
    };
  },
};
