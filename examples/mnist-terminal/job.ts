import { connect, lastValueFrom, takeUntil, tap, zip, type Observable } from 'rxjs';
import { getBackend, memory, progress, runningMean, setSeed, type MemoryInfo } from 'rxtensor';
import { disposeModel, models } from '../mnist-model';
import type { Mnist } from './digits';
import type { Options } from './options';
import type { Display } from './progress';
import { readings, type Reading } from './reading';
import { stepsOf, training } from './training';

/** Of so many steps the mean loss is shown. */
const RECENT_STEPS = 50;

/** What came of it. */
export interface Outcome {
  readonly backend: string;
  /** Of each step that was made. */
  readonly losses: readonly number[];
  /** How many steps there were to make. */
  readonly steps: number;
  readonly trainingSeconds: number;
  /** What the model took each test digit for; fewer than those where the job was interrupted. */
  readonly readings: readonly Reading[];
  readonly readingSeconds: number;
  readonly memoryBefore: MemoryInfo;
  readonly memoryAfter: MemoryInfo;
  /** The most memory that the process ever had. */
  readonly peakBytes: number;
}

/**
 * Makes a model, trains it and reads the test digits with it.
 *
 * @param interrupted unsubscribes from whatever is under way, and from what would follow
 */
export async function runJob(
  options: Options,
  mnist: Mnist,
  display: Display,
  interrupted: Observable<unknown>,
): Promise<Outcome> {
  const memoryBefore = memory();
  setSeed(options.seed);
  const model = models[options.model]();
  const steps = stepsOf(mnist.train, options);
  const losses: number[] = [];
  const read: Reading[] = [];
  let trainingSeconds: number;
  let readingSeconds: number;
  try {
    const training$ = training(model, mnist.train, options).pipe(
      tap((loss) => losses.push(loss)),
      connect((loss$) => zip(loss$.pipe(progress()), loss$.pipe(runningMean(RECENT_STEPS)))),
      tap(([last, meanLoss]) => display.show({ ...last, meanLoss, steps, losses })),
    );
    const readings$ = readings(model, mnist.test).pipe(tap((reading) => read.push(reading)));
    trainingSeconds = await secondsOf(training$.pipe(takeUntil(interrupted)));
    readingSeconds = await secondsOf(readings$.pipe(takeUntil(interrupted)));
  } finally {
    display.close();
    disposeModel(model);
  }
  return {
    backend: getBackend(),
    losses,
    steps,
    trainingSeconds,
    readings: read,
    readingSeconds,
    memoryBefore,
    memoryAfter: memory(),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** Subscribes, and tells how long it took until the end. */
async function secondsOf(stream: Observable<unknown>): Promise<number> {
  const start = performance.now();
  await lastValueFrom(stream, { defaultValue: null });
  return (performance.now() - start) / 1000;
}
