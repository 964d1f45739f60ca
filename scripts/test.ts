// `npm test`: runs the spec suite in each environment, then the tests of the project, and prints one count at the end.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { bundleSpecs } from './bundle-specs';
import { execute, forgetRuns, type Outcome } from './execute-run';
import { findBrowser } from './find-browser';
import { findFirefox, findVirtualDisplay } from './other-browsers';
import { longRuns, runsOfToday } from './test-runs';

/** Runs at a time. A run mostly uses one thread; with more runs than processors, specs would time out while their pages wait. */
const lanes = Math.min(2, availableParallelism());
/** The summary names at most so many failed specs of a run, since often only the end of a long log is kept. */
const MOST_NAMES = 20;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    // See LongRuns of test-runs.ts.
    variants: { type: 'boolean', default: false },
    draws: { type: 'string' },
    pipelines: { type: 'string' },
    hostile: { type: 'string' },
    models: { type: 'string' },
    chaos: { type: 'string' },
    microphone: { type: 'string' },
    site: { type: 'boolean', default: false },
    platforms: { type: 'string' },
  },
});
const named = longRuns(values);
const isLong = named.length > 0;
const runs = isLong ? named : runsOfToday();
/** A run that takes longer is taken to hang, and is stopped. */
const limitMinutes = isLong ? 240 : 40;
const seed = values.seed ?? String(Math.floor(Math.random() * 100_000));

forgetRuns();
const bundled = await Promise.all([
  bundleSpecs('node'),
  bundleSpecs('browser'),
  bundleSpecs('node', 'differential'),
  bundleSpecs('browser', 'differential'),
  bundleSpecs('node', 'four-ways'),
  bundleSpecs('browser', 'four-ways'),
  bundleSpecs('webgpu', 'four-ways'),
  bundleSpecs('webgpu'),
  bundleSpecs('node', 'pipelines'),
  bundleSpecs('browser', 'pipelines'),
]);
console.log(
  `${bundled[0]} spec files for Node, ${bundled[1]} for the browser; npm test -- --seed ${seed} repeats the order`,
);
// Finds or installs the browser once for all runs.
process.env.CHROME_BIN = await findBrowser();
// Before runs that need them begin side by side: apt-get does one thing at a time.
if (runs.some(({ command }) => command.includes('firefox'))) {
  process.env.FIREFOX_BIN = findFirefox();
  if (process.platform === 'linux') process.env.XVFB = findVirtualDisplay();
}

const counts: Outcome[] = [];
// The project's tests run alone: their pages and programs must answer in time.
if (!isLong) counts[0] = await execute(runs[0]!, seed, limitMinutes);
const waiting = runs.entries();
async function lane(): Promise<void> {
  for (const [index, run] of waiting) counts[index] ??= await execute(run, seed, limitMinutes);
}
await Promise.all(Array.from({ length: lanes }, lane));

const sum = (key: 'passed' | 'failed'): number => counts.reduce((total, count) => total + count[key], 0);
console.log(`\n── summary ${'─'.repeat(73)}`);
runs.forEach(({ name }, index) => {
  const { passed, failed, failures, seconds } = counts[index]!;
  console.log(`${name}: ${passed} passed, ${failed} failed, ${seconds} s`);
  for (const failure of failures.slice(0, MOST_NAMES)) console.log(`  failed: ${failure.split('\n', 1)[0]}`);
  if (failures.length > MOST_NAMES) console.log(`  and ${failures.length - MOST_NAMES} more`);
});
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
