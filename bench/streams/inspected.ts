import { identity, Subject, type Observable } from 'rxjs';
import * as dl from 'rxtensor';
import { inspect } from 'rxtensor/inspector';
import { perceptron } from '../cases/training';
import type { Library } from '../library';
import { percentMore, type Contestants, type Figure, type StreamCase } from './case';

/**
 * Sends values down a stream that is subscribed to anew, inspected or not. While anything is inspected, all that the device does is looked at, so that each inspection ends with
 * its run.
 */
function runs(values: number, streamOf: (source: Observable<dl.Tensor>) => Observable<unknown>): Contestants {
  const value = dl.keep(dl.scalar(1));
  const run = (isInspected: boolean) => (): void => {
    const source = new Subject<dl.Tensor>();
    const stream = streamOf(source);
    const inspection = isInspected ? inspect(stream) : null;
    const subscription = stream.subscribe();
    for (let i = 0; i < values; i++) source.next(value);
    subscription.unsubscribe();
    inspection?.end();
  };
  return { ours: run(true), theirs: run(false) };
}

const EMISSIONS = 1000;

/** How much longer an emission of a run takes, in microseconds. */
const anEmission: Figure = {
  of: (ours, theirs) => ((ours - theirs) * 1000) / EMISSIONS,
  format: (value) => `${value.toFixed(2)} µs`,
  isMet: (value) => value <= 2,
};

/** What an inspection costs for each operator that a value goes through, that of the beginning and the end included. */
export const inspectedEmission: StreamCase = {
  name: 'an emission through mapTensor(identity), inspected',
  against: 'the same, not inspected',
  asked: 'at most 2 µs more',
  figure: anEmission,
  prepare: () => runs(EMISSIONS, (source) => source.pipe(dl.mapTensor(identity<dl.Tensor>))),
};

/** What an inspection costs a training. */
export const inspectedStep: StreamCase = {
  name: '20 steps of trainStep, MLP 784-128-10, batch 64, Adam, inspected',
  against: 'the same, not inspected',
  asked: 'at most 5 % more',
  figure: percentMore(5),
  prepare: () => {
    const { loss } = perceptron(dl as Library, 'inspected');
    const adam = dl.train.adam(0.001);
    return runs(20, (source) => source.pipe(dl.trainStep(adam, () => loss())));
  },
};
