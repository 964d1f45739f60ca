import type { Digits } from './digits';
import type { Outcome } from './job';
import type { Options } from './options';
import { accuracyOf } from './score';

/** What came of the job, for programs: one object. */
export function summaryJson(outcome: Outcome, options: Options, test: Digits): string {
  const { backend, losses, steps, trainingSeconds, readingSeconds, memoryBefore, memoryAfter, peakBytes } =
    outcome;
  const { model, epochs, batch, learningRate, seed } = options;
  const accuracy = accuracyOf(outcome.readings, test);
  return JSON.stringify({
    model,
    epochs,
    batch,
    learningRate,
    seed,
    backend,
    interrupted: accuracy === null,
    accuracy,
    testDigits: outcome.readings.length,
    steps: losses.length,
    stepsPlanned: steps,
    losses,
    trainingSeconds,
    readingSeconds,
    stepsPerSecond: losses.length / trainingSeconds,
    peakBytes,
    memory: { before: memoryBefore, after: memoryAfter },
  });
}
