// The part that runs in the page: trains for some seconds, and watches how long the thread is kept meanwhile.
import * as dl from 'rxtensor';
import { takeUntil, tap, timer } from 'rxjs';
import { crossEntropy, models, type DigitBatch } from '../../examples/mnist-model';

/** Times in milliseconds, the longest first. */
export interface Watched {
  readonly steps: number;
  readonly longestSteps: readonly number[];
  /** Tasks of 50 ms and more, as the browser counts them. */
  readonly longTasks: readonly number[];
  /** How long a message to the page itself had to wait. */
  readonly longestGaps: readonly number[];
  readonly messages: number;
}

const EXAMPLES = 6_400;

/** Digits of noise: how long a step takes does not depend on what it learns. */
function noise(): { xs: dl.HostArray; ys: Uint8Array } {
  const values = Uint8Array.from({ length: EXAMPLES * 28 * 28 }, (_, i) => (i * 2654435761) >>> 24);
  return {
    xs: { values, shape: [EXAMPLES, 28, 28] },
    ys: Uint8Array.from({ length: EXAMPLES }, (_, i) => i % 10),
  };
}

/** Sends messages to itself until it is told to stop; collects how long each was on its way. */
function watchGaps(gaps: number[]): () => void {
  const channel = new MessageChannel();
  let sent = performance.now();
  const send = (): void => {
    sent = performance.now();
    channel.port2.postMessage(null);
  };
  channel.port1.onmessage = () => {
    gaps.push(performance.now() - sent);
    // A pause between, so as not to be the work that is measured.
    setTimeout(send, 1);
  };
  send();
  return () => channel.port1.close();
}

const longest = (times: readonly number[]): number[] => [...times].sort((a, b) => b - a).slice(0, 5);

export async function main({ backend, seconds }: { backend: string; seconds: number }): Promise<Watched> {
  dl.setBackend(backend);
  const digits = noise();
  const model = models.mlp();
  const loss = (batch: DigitBatch): dl.Scalar => crossEntropy(model, batch);
  const steps: number[] = [];
  const gaps: number[] = [];
  const longTasks: number[] = [];
  let began = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(duration);
  });
  const train = (milliseconds: number): Promise<void> =>
    dl
      .examples(digits, { epochs: Infinity, shuffle: true })
      .pipe(
        dl.batch(64),
        tap(() => (began = performance.now())),
        dl.trainStep(dl.train.adam(0.001), loss),
        tap(() => steps.push(performance.now() - began)),
        dl.download(),
        takeUntil(timer(milliseconds)),
      )
      .forEach(() => undefined);
  // The first steps compile.
  await train(500);
  steps.length = 0;
  observer.observe({ entryTypes: ['longtask'] });
  const stop = watchGaps(gaps);
  await train(seconds * 1000);
  stop();
  // Entries come in a task of their own.
  await new Promise((resolve) => setTimeout(resolve, 200));
  observer.disconnect();
  return {
    steps: steps.length,
    longestSteps: longest(steps),
    longTasks: longest(longTasks),
    longestGaps: longest(gaps),
    messages: gaps.length,
  };
}
