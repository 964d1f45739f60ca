import { Subject } from 'rxjs';
import * as dl from 'rxtensor';
import { perceptron } from '../cases/training';
import type { Library } from '../library';
import { percentMore, type StreamCase } from './case';

/** A model, trained by a stream or by the loop that one writes without streams; both give the loss. */
function trained(tag: string): { stream: () => void; loop: () => void; losses: number[] | null } {
  const { loss } = perceptron(dl as Library, tag);
  const adam = dl.train.adam(0.001);
  const batches = new Subject<null>();
  const note = (value: dl.Tensor): void => {
    model.losses?.push(value.dataSync()[0]!);
  };
  batches.pipe(dl.trainStep(adam, () => loss())).subscribe(note);
  const model = {
    losses: null as number[] | null,
    stream: () => batches.next(null),
    loop: () => {
      const value = adam.minimize(loss as () => dl.Scalar, true)!;
      note(value);
      value.dispose();
    },
  };
  return model;
}

/** The losses of the first steps. */
function firstLosses(tag: string, way: 'stream' | 'loop'): number[] {
  const model = trained(tag);
  model.losses = [];
  for (let i = 0; i < 5; i++) model[way]();
  return model.losses;
}

export const trainStep: StreamCase = {
  name: 'a step of trainStep, MLP 784-128-10, batch 64, Adam',
  against: 'the same by optimizer.minimize',
  asked: 'at most 5 % more',
  figure: percentMore(5),
  prepare: () => {
    // One model for both: where its variables lie in memory makes a difference of its own.
    const { stream, loop } = trained('timed');
    return {
      ours: stream,
      theirs: loop,
      check: () => Promise.resolve([firstLosses('streamed', 'stream'), firstLosses('looped', 'loop')]),
    };
  },
};
