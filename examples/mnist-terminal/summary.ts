import type { MemoryInfo } from 'rxtensor';
import { drawDigit, sideBySide } from './digit-drawing';
import type { Digits } from './digits';
import type { Outcome } from './job';
import { lossPlot } from './loss-plot';
import { accuracyOf, mistakesOf } from './score';

const MISTAKES_DRAWN = 3;
const PLOT = { width: 64, height: 10, showSteps: true };

/** What came of the job, for people: all but the last line. */
export function summary(outcome: Outcome, test: Digits): string[] {
  const { losses, steps, trainingSeconds, readings, readingSeconds, memoryBefore, memoryAfter } = outcome;
  const rate = losses.length === 0 ? 0 : losses.length / trainingSeconds;
  return [
    'loss of each step',
    ...lossPlot(losses, PLOT),
    '',
    `trained  ${losses.length} of ${steps} steps in ${trainingSeconds.toFixed(1)} s, ${rate.toFixed(1)} steps/s`,
    `tested   ${readings.length.toLocaleString('en')} digits in ${readingSeconds.toFixed(1)} s`,
    `memory   ${(outcome.peakBytes / 1e6).toFixed(0)} MB at the peak`,
    `         before: ${describeMemory(memoryBefore)}`,
    `         after:  ${describeMemory(memoryAfter)}`,
    '',
    ...drawMistakes(outcome, test),
  ];
}

/** The line that everything comes down to. */
export function lastLine(outcome: Outcome, test: Digits): string {
  const accuracy = accuracyOf(outcome.readings, test);
  if (accuracy === null) return `interrupted after ${outcome.losses.length} of ${outcome.steps} steps`;
  return `test accuracy: ${(100 * accuracy).toFixed(2)} %`;
}

function describeMemory({ numTensors, numDataBuffers, numBytes }: MemoryInfo): string {
  return `${numTensors} tensors, ${numDataBuffers} buffers, ${numBytes} bytes`;
}

/** The mistakes that the model is most sure of. */
function drawMistakes({ readings }: Outcome, test: Digits): string[] {
  const mistakes = mistakesOf(readings, test);
  if (mistakes.length === 0) return [];
  const drawings = mistakes
    .slice(0, MISTAKES_DRAWN)
    .map(({ index, label, reading }) => [
      `${label}, read as ${reading.digit} (${(100 * reading.sureness).toFixed(0)} %)`,
      ...drawDigit(test.xs, index),
    ]);
  return [
    `misread  ${mistakes.length.toLocaleString('en')} digits, these with the most confidence:`,
    '',
    ...sideBySide(drawings),
    '',
  ];
}
