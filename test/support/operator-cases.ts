import { bufferCount, map, of, pipe, range, type OperatorFunction } from 'rxjs';
import {
  adwin,
  balanced,
  classWeights,
  detectDrift,
  measure,
  mergeParts,
  partOf,
  regression,
  replayBuffer,
  reservoir,
  snapshots,
  splitRows,
  testThenTrain,
  timeWindows,
} from '../../src/data';
import * as dl from '../../src/index';
import {
  classify,
  overlapping,
  resample,
  spectrogram,
  voiceActivity,
  type GivenModel,
} from '../../src/sound';
import { alignBy, rates, segment, smooth, track, withTime, type Landmarker } from '../../src/vision';
import { integerSequence } from '../../src/tensor/permutation';

/** An operator of this library, for the specs that every operator must pass. */
export interface OperatorCase {
  readonly name: string;
  /** Makes the operator, which takes scalars. Called for each test. */
  readonly make: () => OperatorFunction<dl.Tensor, unknown>;
  /** The values that it has emitted after these numbers. */
  readonly emitted: (numbers: readonly number[]) => readonly unknown[];
  /** The number of further values that it emits when its source completes. */
  readonly atCompletion?: number;
  /** Whether it emits in later turns of the event loop. */
  readonly isAsynchronous?: boolean;
  /** Frees what `make` has made. */
  readonly clean?: () => void;
}

const squares = (numbers: readonly number[]): number[] => numbers.map((x) => x * x);
/** The order in which `shuffle` with two waiting values emits these numbers, by its first random draws with this seed. */
function shuffled(numbers: readonly number[]): number[] {
  const draw = integerSequence(5);
  const [first, ...rest] = numbers;
  let waiting = first;
  return rest.map((x) => {
    const emitted = draw(2) === 0 ? waiting! : x;
    waiting = emitted === x ? waiting : x;
    return emitted;
  });
}

/** Reads scalars, for operators on numbers. */
const readNow = map((x: dl.Tensor) => x.dataSync()[0]!);
/** An example with label 1; it is predicted right if the number is 1. */
const asClassified = map((x: number) => ({ labels: [1], predictions: [x === 1 ? 1 : 0] }));
const ones = (numbers: readonly number[]): number => numbers.filter((x) => x === 1).length;

const all = (numbers: readonly number[]): readonly number[] => numbers;

/** The variables for a case that trains, which frees them. */
class Training {
  private made: { dispose(): void }[] = [];

  step = (options?: dl.TrainStepOptions): OperatorFunction<dl.Tensor, unknown> => {
    const { optimizer, loss } = this.problem();
    return dl.trainStep(optimizer, loss, options);
  };

  halves = (): OperatorFunction<dl.Tensor, unknown> => {
    const { optimizer, loss } = this.problem();
    return pipe(dl.gradients(loss), dl.applyGradients(optimizer));
  };

  tested = (): OperatorFunction<dl.Tensor, unknown> => {
    const { optimizer, loss } = this.problem();
    return pipe(
      testThenTrain(optimizer, loss),
      map(({ batch }) => batch.loss),
    );
  };

  private problem(): { optimizer: dl.Optimizer; loss: (x: dl.Tensor) => dl.Tensor } {
    const slope = dl.tidy(() => dl.variable(dl.scalar(0)));
    const optimizer = dl.train.sgd(0.5);
    this.made.push(slope, optimizer);
    return { optimizer, loss: (x) => dl.add(dl.square(slope), x) };
  }

  clean = (): void => {
    for (const each of this.made.splice(0)) each.dispose();
  };
}

const training = new Training();

/** The cases of all operators. */
export const operatorCases: readonly OperatorCase[] = [
  { name: 'mapTensor', make: () => dl.mapTensor((x: dl.Tensor) => dl.square(x)), emitted: squares },
  { name: 'predict', make: () => dl.predict((x: dl.Tensor) => dl.square(x)), emitted: squares },
  {
    name: 'scanTensor',
    make: () =>
      dl.scanTensor(
        (sum: dl.Tensor, x: dl.Tensor) => dl.add(sum, x),
        () => dl.scalar(0),
      ),
    emitted: (numbers) => numbers.map((_, i) => numbers.slice(0, i + 1).reduce((sum, x) => sum + x, 0)),
  },
  {
    name: 'batch',
    make: () => dl.batch<dl.Tensor>(2, { dropRemainder: true }),
    emitted: (numbers) => numbers.flatMap((x, i) => (i % 2 === 1 ? [[numbers[i - 1], x]] : [])),
  },
  { name: 'shuffle', make: () => dl.shuffle<dl.Tensor>(1, { seed: 5 }), emitted: shuffled, atCompletion: 1 },
  {
    name: 'unbatch',
    make: () =>
      pipe(
        dl.mapTensor((x: dl.Tensor) => dl.reshape(dl.stack([x, x]), [2, 1])),
        dl.unbatch(),
      ),
    emitted: (numbers) => numbers.flatMap((x) => [[x], [x]]),
  },
  {
    name: 'slidingWindow',
    make: () => dl.slidingWindow<dl.Tensor>(2),
    emitted: (numbers) => numbers.slice(1).map((x, i) => [numbers[i], x]),
  },
  {
    name: 'mapTensorAsync',
    make: () => dl.mapTensorAsync((x: dl.Tensor) => Promise.resolve(dl.square(x))),
    emitted: squares,
    isAsynchronous: true,
  },
  { name: 'across', make: () => dl.across(map((x: dl.Tensor) => x)), emitted: all },
  {
    name: 'across with a number',
    make: () => dl.across(bufferCount<dl.Tensor>(2, 1), { holds: 2 }),
    atCompletion: 1,
    emitted: (numbers) => numbers.slice(1).map((x, i) => [numbers[i], x]),
  },
  { name: 'scoped', make: () => dl.scoped<dl.Tensor>(), emitted: all },
  {
    name: 'own',
    make: () =>
      pipe(
        dl.own<dl.Tensor>(),
        map((x) => {
          const value = x.dataSync()[0];
          x.dispose();
          return value;
        }),
      ),
    emitted: all,
  },
  { name: 'trainStep', make: () => training.step(), emitted: all, clean: training.clean },
  {
    name: 'trainStep that accumulates',
    make: () => training.step({ accumulate: 2 }),
    emitted: (numbers) => numbers.flatMap((x, i) => (i % 2 === 1 ? [(numbers[i - 1]! + x) / 2] : [])),
    clean: training.clean,
  },
  {
    name: 'trainStep that watches for NaN',
    make: () => training.step({ onNaN: 'error' }),
    emitted: all,
    isAsynchronous: true,
    clean: training.clean,
  },
  { name: 'gradients and applyGradients', make: training.halves, emitted: all, clean: training.clean },
  {
    name: 'validate',
    make: () =>
      pipe(
        dl.validate<dl.Tensor, number, dl.Tensor>(2, dl.examples([1, 3]), (x) => dl.scalar(x)),
        dl.mapTensor(({ value, validation }) => dl.add(value, validation ?? 0)),
      ),
    emitted: (numbers) => numbers.map((x, i) => (i % 2 === 1 ? x + 2 : x)),
    isAsynchronous: true,
  },
  {
    name: 'earlyStop',
    make: () => dl.earlyStop<dl.Tensor>({ patience: 100, of: () => 1, restoreBest: true }),
    emitted: all,
  },
  {
    name: 'progress',
    make: () =>
      pipe(
        dl.progress<dl.Tensor>(),
        dl.mapTensor(({ value, step }) => dl.mul(value, step)),
      ),
    emitted: (numbers) => numbers.map((x, i) => x * (i + 1)),
  },
  {
    name: 'checkpoint',
    make: () =>
      pipe(training.step(), dl.checkpoint<unknown>({ every: 2, store: dl.memoryStore(), position: false })),
    emitted: all,
    isAsynchronous: true,
    clean: training.clean,
  },
  { name: 'download', make: () => dl.download<dl.Tensor>(), emitted: all, isAsynchronous: true },
  { name: 'latest', make: () => dl.latest<dl.Tensor>(), emitted: all, isAsynchronous: true },
  {
    name: 'combineLatestTensor',
    make: () => (tensors) => dl.combineLatestTensor([of(1), tensors]),
    emitted: (numbers) => numbers.map((x) => [1, x]),
  },
  {
    name: 'withLatestFromTensor',
    make: () => dl.withLatestFromTensor(of(1)),
    emitted: (numbers) => numbers.map((x) => [x, 1]),
  },
  {
    name: 'zipTensor',
    make: () => (tensors) => dl.zipTensor([range(1, 10), tensors]),
    emitted: (numbers) => numbers.map((x, i) => [i + 1, x]),
  },
  { name: 'shareReplayTensor', make: () => dl.shareReplayTensor<dl.Tensor>(), emitted: all },
  {
    name: 'runningMean',
    make: () => pipe(readNow, dl.runningMean(2)),
    emitted: (numbers) => numbers.map((x, i) => (x + numbers[Math.max(0, i - 1)]!) / 2),
  },
  { name: 'exponentialMean', make: () => pipe(readNow, dl.exponentialMean(0)), emitted: all },
  {
    name: 'accuracy',
    make: () => pipe(readNow, asClassified, dl.accuracy()),
    emitted: (numbers) => numbers.map((_, i) => ones(numbers.slice(0, i + 1)) / (i + 1)),
  },
  {
    name: 'confusionCounts',
    make: () => pipe(readNow, asClassified, dl.confusionCounts(2)),
    emitted: (numbers) =>
      numbers.map((_, i) => {
        const soFar = numbers.slice(0, i + 1);
        return [
          [0, 0],
          [soFar.length - ones(soFar), ones(soFar)],
        ];
      }),
  },
  {
    name: 'testThenTrain',
    make: training.tested,
    emitted: all,
    isAsynchronous: true,
    clean: training.clean,
  },
  {
    name: 'measure',
    make: () =>
      pipe(
        readNow,
        map((x) => ({ labels: [0], predictions: [x] })),
        measure(regression()),
        map(({ maxError }) => maxError),
      ),
    emitted: (numbers) => numbers.map((_, i) => Math.max(...numbers.slice(0, i + 1).map(Math.abs))),
  },
  {
    name: 'mergeParts',
    make: () =>
      pipe(
        readNow,
        map((x) => {
          const metric = regression();
          return metric.add(metric.start(), { labels: [0], predictions: [x] });
        }),
        mergeParts(regression()),
        map(({ maxError }) => maxError),
      ),
    emitted: (numbers) => numbers.map((_, i) => Math.max(...numbers.slice(0, i + 1).map(Math.abs))),
  },
  {
    name: 'detectDrift',
    make: () =>
      pipe(
        readNow,
        detectDrift(adwin()),
        map(({ value }) => value),
      ),
    emitted: all,
  },
  {
    name: 'replayBuffer',
    make: () =>
      pipe(
        replayBuffer<dl.Tensor>(reservoir({ capacity: 1, seed: 1 })),
        dl.mapTensor(({ value, isReplay }) => (isReplay ? dl.zerosLike(value) : value)),
      ),
    emitted: (numbers) => numbers.flatMap((x, i) => (i === 0 ? [x] : [x, 0])),
  },
  {
    name: 'splitRows',
    // All values have one key, so they are in one part.
    make: () => {
      const by = (): string => 'all';
      return (source) => {
        const { a, b } = splitRows(source, { a: 0.5, b: 0.5 }, { by });
        return partOf({ a: 0.5, b: 0.5 }, { by })(0 as never) === 'a' ? a : b;
      };
    },
    emitted: all,
  },
  {
    name: 'balanced',
    make: () =>
      pipe(
        dl.mapTensor((x: dl.Tensor) => ({ label: 0, x })),
        // One of two classes that occur as often: each row once.
        balanced(classWeights('label', { counts: { 0: 1, 1: 1 } }), { seed: 1 }),
        dl.mapTensor(({ x }) => x),
      ),
    emitted: all,
  },
  {
    name: 'timeWindows',
    make: () => {
      let time = 0;
      return pipe(
        timeWindows<dl.Tensor>({ time: () => time++, size: 1 }),
        dl.mapTensor(({ rows }) => rows[0]!),
      );
    },
    emitted: (numbers) => numbers.slice(0, -1),
    atCompletion: 1,
  },
  {
    name: 'snapshots',
    make: () => {
      let count = 0;
      let newest = 0;
      // Each value is the best one so far.
      const of = (x: number): number => {
        newest = x;
        return ++count;
      };
      return pipe(
        readNow,
        snapshots(() => newest, { of, mode: 'max', variables: [] }),
        map(({ predict }) => predict(0)),
      );
    },
    emitted: all,
  },
  {
    name: 'track',
    make: () => {
      const region = { centerX: 0, centerY: 0, width: 1, height: 1 };
      const find = (): ReturnType<Landmarker> =>
        Promise.resolve({ points: [{ x: 0, y: 0 }], score: 1, region, next: region });
      return pipe(
        dl.mapTensor((x: dl.Tensor) => dl.reshape(x, [1, 1, 1])),
        track({ landmarks: Object.assign(find, { regionOf: () => region }) }),
        dl.mapTensor(({ picture }) => dl.reshape(picture, [])),
      );
    },
    emitted: all,
    isAsynchronous: true,
  },
  {
    name: 'segment',
    make: () =>
      pipe(
        dl.mapTensor((x: dl.Tensor) => dl.reshape(x, [1, 1, 1])),
        segment(() => Promise.resolve(dl.ones([1, 1]))),
        dl.mapTensor(({ picture }) => dl.reshape(picture, [])),
      ),
    emitted: all,
    isAsynchronous: true,
  },
  {
    name: 'smooth',
    make: () =>
      pipe(
        dl.mapTensor((x: dl.Tensor) => ({ x, tracks: [], time: 0 })),
        smooth(),
        dl.mapTensor(({ x }) => x),
      ),
    emitted: all,
  },
  {
    name: 'withTime',
    make: () =>
      pipe(
        withTime<dl.Tensor>(),
        dl.mapTensor(({ value }) => value),
      ),
    emitted: all,
  },
  {
    name: 'overlapping',
    make: () =>
      pipe(
        dl.mapTensor((x: dl.Tensor) => dl.reshape(x, [1])),
        overlapping({ frame: 1 }),
        dl.mapTensor((frame) => dl.reshape(frame, [])),
      ),
    emitted: all,
  },
  {
    name: 'spectrogram',
    make: () =>
      pipe(
        dl.mapTensor((x: dl.Tensor) => dl.reshape(x, [1])),
        spectrogram({ frame: 1 }),
        dl.mapTensor((power) => dl.reshape(power, [])),
      ),
    emitted: squares,
  },
  {
    name: 'resample',
    make: () =>
      pipe(
        dl.mapTensor((x: dl.Tensor) => dl.reshape(x, [1])),
        resample({ from: 8000, to: 8000 }),
        dl.mapTensor((chunk) => dl.reshape(chunk, [])),
      ),
    emitted: all,
    isAsynchronous: true,
  },
  {
    name: 'voiceActivity',
    make: () =>
      pipe(
        dl.mapTensor((x: dl.Tensor) => dl.reshape(x, [1])),
        voiceActivity(
          {
            executeAsync: ((inputs: { x: dl.Tensor }) =>
              Promise.resolve([dl.sum(inputs.x)])) as unknown as GivenModel['executeAsync'],
          },
          { spec: { sampleRate: 1, frame: 1, context: 0, input: 'x', output: 'y', states: [] } },
        ),
        dl.mapTensor((probability) => dl.scalar(probability)),
      ),
    emitted: all,
    isAsynchronous: true,
  },
  {
    name: 'classify',
    make: () =>
      pipe(
        dl.mapTensor((x: dl.Tensor) => dl.reshape(x, [1])),
        classify((window) => dl.clone(window), { labels: ['all'], window: 1 }),
        dl.mapTensor(([best]) => dl.scalar(best!.score)),
      ),
    emitted: all,
    isAsynchronous: true,
  },
  {
    name: 'alignBy',
    make: () => (tensors) => alignBy(() => 0, [tensors]),
    emitted: (numbers) => numbers.map((x) => [x]),
  },
  {
    name: 'rates',
    make: () =>
      pipe(
        rates<dl.Tensor>(),
        dl.mapTensor(({ value }) => value),
      ),
    emitted: all,
  },
];
