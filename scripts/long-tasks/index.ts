// Measures in Chromium how long a page that trains keeps its main thread: `tsx scripts/long-tasks [cpu|webgl] [seconds]`.
// A source leaves the page its turn every 8 ms, so that no task is longer than that and one step more.
import { runInPage } from '../run-in-page';
import type { Watched } from './page';

const [backend = 'cpu', seconds = '10'] = process.argv.slice(2);
const { steps, longestSteps, longTasks, longestGaps, messages } = await runInPage<Watched>(
  'scripts/long-tasks/page.ts',
  { backend, seconds: Number(seconds) },
);
const inWords = (times: readonly number[]): string =>
  times.length === 0 ? 'none' : times.map((time) => `${time.toFixed(1)} ms`).join(', ');
console.log(`An MLP on ${backend}, batches of 64, ${seconds} s: ${steps} steps`);
console.log(`  longest steps                             ${inWords(longestSteps)}`);
console.log(`  tasks of 50 ms and more                   ${inWords(longTasks)}`);
console.log(`  longest waits of ${String(messages).padEnd(5)} messages           ${inWords(longestGaps)}`);
