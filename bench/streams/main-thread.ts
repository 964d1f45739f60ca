import { fileURLToPath } from 'node:url';
import { runInPage } from '../../scripts/run-in-page';
import type { Watched } from './page-that-trains';

const PAGE = fileURLToPath(new URL('page-that-trains.ts', import.meta.url));
const SECONDS = 10;
const backends = ['cpu', 'webgl'] as const;

/** How long a page that trains keeps its main thread, with the model on this backend. */
export interface MainThread extends Watched {
  readonly backend: (typeof backends)[number];
}

/** Trains in Chromium on each backend, and watches. */
export async function watchMainThread(report: (found: MainThread) => void): Promise<MainThread[]> {
  const all: MainThread[] = [];
  for (const backend of backends) {
    const watched = await runInPage<Watched>(PAGE, {
      backend,
      seconds: SECONDS,
    });
    const found = { backend, ...watched };
    all.push(found);
    report(found);
  }
  return all;
}

function inWords(times: readonly number[]): string {
  return times.length === 0 ? 'none' : times.map((time) => `${time.toFixed(1)}`).join(', ') + ' ms';
}

/** A line for the terminal. */
export function mainThreadSummary({
  backend,
  steps,
  longestSteps,
  longTasks,
  longestGaps,
}: MainThread): string {
  return (
    `  a page that trains, ${backend}: ${steps} steps, the longest ${inWords(longestSteps)}; tasks of 50 ms and more: ${inWords(longTasks)}; ` +
    `longest waits of a message: ${inWords(longestGaps)}`
  );
}

/** The part of docs/benchmarks-streams.md that tells of it. */
export function mainThreadMarkdown(found: readonly MainThread[]): string {
  const rows = found.map(
    ({ backend, steps, longestSteps, longTasks, longestGaps }) =>
      `| ${backend} | ${steps} | ${inWords(longestSteps)} | ${inWords(longTasks)} | ${inWords(longestGaps)} |`,
  );
  return `
## A page that trains

An MLP 784-128-10, batches of 64, Adam, ${SECONDS} s in Chromium: sources leave the page its turn every 8 ms, so that no task should be longer than
that and one step more, nor 50 ms where a step is not. The five longest of each; tasks of 50 ms and more are those that the browser reports,
a message is one that the page sends itself. Other work on the machine shows in these as it is.

| backend | steps | longest steps | tasks of 50 ms and more | longest waits of a message |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
