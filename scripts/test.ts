// `npm test`: runs the spec suite in each environment, then the tests of the project, and prints one count at the end.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { bundleSpecs } from './bundle-specs';
import { findBrowser } from './find-browser';
import { findFirefox, findVirtualDisplay } from './other-browsers';
import { COUNT_FILE } from './spec-count.js';

interface Run {
  readonly name: string;
  /** The arguments for node. */
  readonly command: readonly string[];
  /** So many days run all specs of it, a part each. Left out: every day does. `npm run test:long` runs them all. */
  readonly days?: number;
}

interface Count {
  readonly passed: number;
  readonly failed: number;
  /** The names of the failed specs, and of what failed otherwise. */
  readonly failures: readonly string[];
}

interface Outcome extends Count {
  readonly seconds: number;
}

const node = ['--enable-source-maps', 'scripts/run-jasmine.js', 'specs'];
const browser = ['--import', 'tsx', 'node_modules/karma/bin/karma', 'start', '--single-run', '--bundled'];
const comparisonInNode = ['--enable-source-maps', 'scripts/run-jasmine.js', 'differential'];
const comparisonInBrowser = [...browser, '--suite', 'differential'];
const pipelinesInNode = ['--enable-source-maps', 'scripts/run-jasmine.js', 'pipelines'];
const fourWaysInNode = ['--enable-source-maps', 'scripts/run-jasmine.js', 'four-ways'];
const publicModels = ['--import', 'tsx', 'scripts/run-jasmine.js', 'models'];
const platforms = ['--import', 'tsx', 'scripts/run-jasmine.js', 'platforms'];
const project = ['--import', 'tsx', 'scripts/run-jasmine.js', 'project'];

/** The specs on both backends, and in other environments. A variant of a backend is a row here. */
const suiteRuns: readonly Run[] = [
  { name: 'specs on the CPU, in Node', command: [...node, '--backend', 'cpu'] },
  { name: 'specs on WebGL, in Chromium', command: [...browser, '--backend', 'webgl'], days: 2 },
  {
    name: 'specs on the CPU without SIMD, in Node',
    command: [...node, '--backend', 'cpu', '--flags', 'simd=none'],
    days: 3,
  },
  { name: 'specs on the CPU, in Chromium', command: [...browser, '--backend', 'cpu'], days: 3 },
  {
    name: 'specs on WebGL with textures of 256 texels, in Chromium',
    command: [...browser, '--backend', 'webgl', '--flags', 'maxTextureSize=256'],
    days: 3,
  },
  {
    name: 'specs on the CPU, in Firefox',
    command: [...browser, '--browser', 'firefox', '--backend', 'cpu'],
    days: 20,
  },
  {
    name: 'specs on WebGL, in Firefox',
    command: [...browser, '--browser', 'firefox', '--backend', 'webgl'],
    // Slow: Firefox has no software driver of its own, and Mesa's shares the cores with it.
    days: 60,
  },
];
const DAY = Math.floor(Date.now() / 86_400_000);
const projectRun: Run = { name: 'the package and its examples', command: project };

/** The part of a run's specs that is today's turn. */
function partOfToday(run: Run): Run {
  const { name, command, days } = run;
  if (days === undefined) return run;
  const place = 1 + (DAY % days);
  return {
    name: `${name}, part ${place} of ${days} (by day ${DAY})`,
    command: [...command, '--part', `${place}/${days}`],
  };
}

/** Compare every op with TensorFlow.js. */
function comparisons(draws: string | undefined): readonly Run[] {
  const flags = draws === undefined ? [] : ['--flags', `runs=${draws}`];
  return [
    {
      name: 'against TensorFlow.js on the CPU, in Node',
      command: [...comparisonInNode, '--backend', 'cpu', ...flags],
    },
    {
      name: 'against TensorFlow.js on WebGL, in Chromium',
      command: [...comparisonInBrowser, '--backend', 'webgl', ...flags],
    },
  ];
}

/** Compare every kernel and op on all backends and kernel levels. Slow browsers get fewer draws. */
function fourWays(draws: string | undefined): readonly Run[] {
  const flags = (share: number): string[] =>
    draws === undefined ? [] : ['--flags', `runs=${Math.ceil(Number(draws) * share)}`];
  return [
    { name: 'all CPU kernels alike, in Node', command: [...fourWaysInNode, '--backend', 'cpu', ...flags(1)] },
    {
      name: 'all CPU kernels and WebGL alike, in Chromium',
      command: [...browser, '--suite', 'four-ways', '--backend', 'webgl', ...flags(0.1)],
    },
  ];
}

/** Compare random pipelines of tensors with pipelines of numbers. Slow browsers get fewer. */
function pipelines(count: string | undefined): readonly Run[] {
  const flags = count === undefined ? [] : ['--flags', `pipelines=${count}`];
  const inNode: Run = {
    name: 'random pipelines on the CPU, in Node',
    command: [...pipelinesInNode, '--backend', 'cpu', ...flags],
  };
  const inBrowser: Run = {
    name: 'random pipelines on WebGL, in Chromium',
    command: [...browser, '--suite', 'pipelines', '--backend', 'webgl'],
  };
  return [inNode, inBrowser];
}

/** Test more broken checkpoints and messages than the specs do. */
function hostile(count: string): readonly Run[] {
  return [
    {
      name: 'hostile checkpoints and messages, in Node',
      command: [...node, '--backend', 'cpu', '--filter', 'Hostile', '--flags', `hostile=${count}`],
    },
  ];
}

/** Compare public models with TensorFlow.js, which takes seconds for one. */
function modelsBeside(count: string): Run {
  return { name: 'public models, in Node', command: [...publicModels, '--flags', `models=${count}`] };
}

/** Train in several processes, and cause faults in them, which take seconds each. */
function chaos(count: string): Run {
  const filter = ['--filter', 'A run of several processes', '--flags', `chaos=${count}`];
  return { name: 'runs of several processes, and faults in them', command: [...project, ...filter] };
}

/** Runs every example of the documentation site in it, those of the reference too. */
const wholeSite: Run = {
  name: 'the documentation site, every example',
  command: [...project, '--filter', 'The documentation site', '--flags', 'site=all'],
};

/** Use the library in frameworks, runtimes and browsers that have to be installed first. */
function onPlatforms(count: string): Run {
  return {
    name: 'frameworks, runtimes and browsers',
    command: [...platforms, '--flags', `platforms=${count}`],
  };
}

/** Runs at a time. A run mostly uses one thread; with more runs than processors, specs would time out while their pages wait. */
const lanes = Math.min(2, availableParallelism());

/** A run that takes longer is taken to hang, and is stopped. */
const LIMIT_MINUTES = 40;
const LONG_LIMIT_MINUTES = 240;
/** The summary names at most so many failed specs of a run, since often only the end of a long log is kept. */
const MOST_NAMES = 20;
const countFolder = '.cache/test';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    // `npm run test:long` runs only what these options name. All specs where a day runs a part of them.
    variants: { type: 'boolean', default: false },
    // The number of arguments drawn for each op and kernel in the comparisons.
    draws: { type: 'string' },
    // The number of random pipelines.
    pipelines: { type: 'string' },
    // The number of broken checkpoints and messages.
    hostile: { type: 'string' },
    // The number of public models.
    models: { type: 'string' },
    // The number of faults in runs of several processes.
    chaos: { type: 'string' },
    // Every example of the documentation site.
    site: { type: 'boolean', default: false },
    // The number of frameworks, runtimes and browsers.
    platforms: { type: 'string' },
  },
});
const {
  variants,
  draws,
  pipelines: pipelineCount,
  hostile: hostileCount,
  models: modelCount,
  chaos: chaosCount,
  site,
  platforms: platformCount,
} = values;
const isLong =
  variants ||
  site ||
  [draws, pipelineCount, hostileCount, modelCount, chaosCount, platformCount].some(
    (count) => count !== undefined,
  );
const runs = isLong
  ? [
      ...(variants ? suiteRuns.filter(({ days }) => days !== undefined) : []),
      ...(draws === undefined ? [] : [...comparisons(draws), ...fourWays(draws)]),
      ...(pipelineCount === undefined ? [] : pipelines(pipelineCount)),
      ...(hostileCount === undefined ? [] : hostile(hostileCount)),
      ...(modelCount === undefined ? [] : [modelsBeside(modelCount)]),
      ...(chaosCount === undefined ? [] : [chaos(chaosCount)]),
      ...(site ? [wholeSite] : []),
      ...(platformCount === undefined ? [] : [onPlatforms(platformCount)]),
    ]
  : [
      projectRun,
      // Early: it takes long, and nothing runs beside what is last.
      modelsBeside('3'),
      ...suiteRuns.map(partOfToday),
      ...comparisons(undefined),
      ...fourWays(undefined),
      ...pipelines(undefined),
      onPlatforms('1'),
    ];

async function execute(run: Run, seed: string): Promise<Outcome> {
  const start = performance.now();
  const count = await countOf(run, seed);
  return { ...count, seconds: Math.round((performance.now() - start) / 1000) };
}

async function countOf({ name, command }: Run, seed: string): Promise<Count> {
  console.log(`started: ${name}`);
  const file = `${countFolder}/${name.replaceAll(/\W+/g, '-')}.json`;
  // Output goes to a file, and is printed in one piece, since another run prints at the same time.
  const log = openSync(`${file}.log`, 'w');
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [...command, '--seed', seed], {
      env: { ...process.env, [COUNT_FILE]: file },
      stdio: ['ignore', log, log],
      timeout: (isLong ? LONG_LIMIT_MINUTES : LIMIT_MINUTES) * 60_000,
    });
    child.on('error', reject).on('exit', resolve);
  });
  closeSync(log);
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 80 - name.length))}`);
  process.stdout.write(readFileSync(`${file}.log`));
  try {
    const count = JSON.parse(readFileSync(file, 'utf8')) as Count;
    // A run that exits with an error but has counted no failure counts as one failure.
    if (exitCode === 0 || count.failed > 0) return count;
    return { ...count, failed: 1, failures: [`exit code ${exitCode}`] };
  } catch {
    const failure = `it ended (${exitCode === null ? 'killed' : `exit code ${exitCode}`}) without a count`;
    console.log(`failed: ${name}: ${failure}`);
    return { passed: 0, failed: 1, failures: [failure] };
  }
}

const seed = values.seed ?? String(Math.floor(Math.random() * 100_000));

rmSync(countFolder, { recursive: true, force: true });
mkdirSync(countFolder, { recursive: true });
const bundled = await Promise.all([
  bundleSpecs('node'),
  bundleSpecs('browser'),
  bundleSpecs('node', 'differential'),
  bundleSpecs('browser', 'differential'),
  bundleSpecs('node', 'four-ways'),
  bundleSpecs('browser', 'four-ways'),
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
if (!isLong) counts[0] = await execute(runs[0]!, seed);
const waiting = runs.entries();
async function lane(): Promise<void> {
  for (const [index, run] of waiting) counts[index] ??= await execute(run, seed);
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
