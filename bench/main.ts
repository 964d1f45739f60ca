// `npm run bench`: ours and the peers in Node, in Node with relaxed SIMD and in Chromium; writes docs/benchmarks.md. Where
// `python3 -c 'import torch'` works, native PyTorch stands beside them.
//
//   --streams       what streams cost, beside RxJS alone, a loop and tfjs-data, and how long a page that trains
//                   keeps its thread; writes docs/benchmarks-streams.md instead
//   --against DIR   the library as it is in another checkout, in place of the peers: what a change costs or gains;
//                   nothing is written. --in knows webgl too then
//   --scale         how the cost of ops, steps, checkpoints and operators grows with their size; in Node alone, writes
//                   docs/benchmarks-scale.md
//   --webgl         the WebGL backend beside TensorFlow.js's, on two software drivers: the cases asked for, one case for each
//                   kernel, and the first result of a page; writes docs/benchmarks-webgl.md. --in takes swiftshader, llvmpipe
//   --webgpu        the WebGPU backend beside TensorFlow.js's, in Chromium; writes docs/benchmarks-webgpu.md. --only several texts with | between them
//   --models        the public models of test/models, and packages that use some, beside the runtimes that they come from; writes
//                   docs/benchmarks-models.md. --in takes node, memory, packages and webgl
//   --data          training from a CSV file of 2 million rows beside tf.data.csv, in Node alone: rows a second, and memory; writes
//                   docs/benchmarks-data.md. --rounds is 5 by default
//   --programs      recorded functions beside the same unrecorded and beside peers, in Node and on WebGL in Chromium; writes
//                   docs/benchmarks-programs.md. --in takes node and webgl, --only several texts with | between them
//   --vision        from a camera to a canvas in Chromium, beside TensorFlow.js and in a worker; writes docs/benchmarks-vision.md. --rounds is 3 by default
//   --sound         transforms and spectrograms in Chromium beside other packages, and what a microphone costs; writes docs/benchmarks-sound.md
//   --merge FILE    with --programs, --models and --webgpu: adds what is measured to the results in FILE, and writes the page of all of them, so that it can be measured
//                   in parts, by --only and --in
//   --only TEXT     only the cases whose name or peer holds the text (nothing is written then)
//   --rounds N      counted runs of each, 15 by default, at least 9
//   --in NAMES      of node, relaxed and chromium, by commas; all by default
import { fork } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle, WASM_FOLDER } from './bundle';
import { runInChromium } from './chromium';
import { measureData } from './data';
import { dataMarkdown } from './data/report';
import { runPyTorch } from './pytorch';
import { describeMachine, markdown, summary, type Column } from './report';
import type { StreamResult } from './streams';
import { mainThreadMarkdown, mainThreadSummary, watchMainThread } from './streams/main-thread';
import { streamMarkdown, streamSummary } from './streams/report';
import type { CaseResult } from './result';
import type { ScaleResult } from './scale/case';
import { scaleMarkdown, scaleSummary } from './scale/report';
import type { SuiteOptions } from './suite';
import type { ModelResult } from './models/case';
import { measureOnce } from './models/once';
import { modelsMarkdown, modelSummary } from './models/report';
import { measureOnWebGL } from './models/webgl';
import type { ProgramResult } from './programs/case';
import type { PassEffect } from './programs/passes';
import { effectSummary, programMarkdown, programSummary } from './programs/report';
import { soundMarkdown } from './sound/report';
import { visionMarkdown } from './vision/report';
import { drivers } from './webgl/drivers';
import { measureFirstResult } from './webgl/first-result';
import { webglMarkdown, type DriverResults } from './webgl/report';
import { deviceName, openWithWebGPU } from './webgpu/open';
import { webgpuMarkdown } from './webgpu/report';

const { values } = parseArgs({
  options: {
    streams: { type: 'boolean', default: false },
    against: { type: 'string' },
    scale: { type: 'boolean', default: false },
    webgl: { type: 'boolean', default: false },
    webgpu: { type: 'boolean', default: false },
    models: { type: 'boolean', default: false },
    data: { type: 'boolean', default: false },
    programs: { type: 'boolean', default: false },
    vision: { type: 'boolean', default: false },
    sound: { type: 'boolean', default: false },
    merge: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    in: { type: 'string' },
  },
});

const options: SuiteOptions = {
  rounds: Math.max(9, Number(values.rounds ?? 15)),
  streams: values.streams,
  ...(values.against ? { isAgainst: true } : {}),
  scale: values.scale,
  ...(values.only ? { only: values.only } : {}),
};

/** The sources of the library that ours is held against, from the folder in which the command was given. */
const against = values.against && resolve(process.env.INIT_CWD ?? '.', values.against, 'src/index.ts');

const pageOptions = against ? { earlier: against } : {};

/** Told of the results of a suite, one by one. */
type Report = (result: AnyResult) => void;
type AnyResult = CaseResult | StreamResult | ScaleResult | ProgramResult | PassEffect | ModelResult;

/** @param cwd the folder in which it runs; this one when left out */
async function runInNode(
  flags: readonly string[],
  report: Report,
  entry = 'node.ts',
  cwd?: string,
  more: object = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rxtensor-bench-'));
  const script = join(folder, 'suite.cjs');
  await writeFile(script, await bundle(entry, 'node', against));
  try {
    await new Promise<void>((resolve, reject) => {
      const given: SuiteOptions = { ...options, wasmPath: fileURLToPath(WASM_FOLDER), ...more };
      const child = fork(script, [JSON.stringify(given)], { execArgv: [...flags], cwd });
      child.on('message', (result) => report(result as AnyResult));
      child.on('error', reject);
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`the suite in Node ended with code ${code}`)),
      );
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const places: Readonly<Record<string, { title: string; run: (report: Report) => Promise<void> }>> = {
  node: { title: `Node ${process.versions.node}`, run: (report) => runInNode([], report) },
  relaxed: {
    title: `Node ${process.versions.node}, relaxed SIMD`,
    run: (report) => runInNode(['--experimental-wasm-relaxed-simd'], report),
  },
  chromium: { title: 'Chromium', run: (report) => runInChromium(options, report, pageOptions) },
  webgl: {
    title: 'Chromium, WebGL',
    run: (report) => runInChromium({ ...options, backend: 'webgl' }, report, pageOptions),
  },
};

if (values.in?.includes('webgl') && !against && !values.programs && !values.models) {
  throw new Error('--in webgl needs --against DIR; beside TensorFlow.js, WebGL is timed by --webgl');
}

/** What `--in` chooses of the places, all of them by default (`webgl` only by name). */
function choose<Place>(
  all: Readonly<Record<string, Place>>,
  byDefault = Object.keys(all).filter((name) => name !== 'webgl'),
): Place[] {
  const names = values.in?.split(',') ?? byDefault;
  return names.map((name) => {
    const place = all[name];
    if (!place) throw new Error(`--in ${name}: no such place; there are ${Object.keys(all).join(', ')}`);
    return place;
  });
}

const chosen = values.webgl || values.webgpu || values.programs || values.models ? [] : choose(places);

/** A part of the table is not written. */
const isWritten = values.merge !== undefined || (!values.only && !against && values.in === undefined);

/** Runs the suite in each place. */
async function run<Result extends CaseResult | StreamResult>(
  line: (result: Result) => string,
): Promise<Column<Result>[]> {
  const columns: Column<Result>[] = [];
  for (const place of chosen) {
    console.log(place.title);
    const results: Result[] = [];
    await place.run((result) => {
      results.push(result as Result);
      console.log(line(result as Result));
    });
    columns.push({ title: place.title, results });
  }
  return columns;
}

/** What streams cost, and how long a page that trains keeps its thread. */
async function runStreams(): Promise<string> {
  const table = streamMarkdown(await run(streamSummary), describeMachine(), options.rounds);
  if (values.only || !chosen.includes(places.chromium!)) return table;
  return table + mainThreadMarkdown(await watchMainThread((found) => console.log(mainThreadSummary(found))));
}

async function runCases(): Promise<string> {
  const columns = await run(summary);
  return markdown(columns, describeMachine(), options.rounds, isWritten ? runPyTorch() : null);
}

/** The WebGL backend beside TensorFlow.js's, on each software driver. */
async function runWebGL(): Promise<string> {
  const results: DriverResults[] = [];
  for (const driver of choose(drivers)) {
    console.log(driver.title);
    const cases: CaseResult[] = [];
    const report = (result: CaseResult): void => {
      cases.push(result);
      console.log(summary(result));
    };
    await runInChromium(options, report, { entry: 'webgl/page.ts', open: driver.open });
    if (!values.only) report(await measureFirstResult(driver));
    results.push({ title: driver.title, cases });
  }
  return webglMarkdown(results, describeMachine(), options.rounds);
}

/** The WebGPU backend beside TensorFlow.js's. */
async function runWebGPU(): Promise<string> {
  const { results, report } = await merging<CaseResult>(({ name }) => name, summary);
  const device = await deviceName();
  console.log(device);
  await runInChromium(options, report, { entry: 'webgpu/page.ts', open: openWithWebGPU });
  return webgpuMarkdown([...results.values()], device, describeMachine(), options.rounds);
}

/** Public models, and packages that use some, beside the runtimes that they come from. */
async function runModels(): Promise<string> {
  const { results, report } = await merging<ModelResult>(
    ({ kind, name, peer }) => `${kind} ${name} ${peer}`,
    modelSummary,
  );
  const root = fileURLToPath(new URL('..', import.meta.url));
  process.chdir(root);
  const suite = (given: object, told: (message: unknown) => void): Promise<void> =>
    runInNode(['--expose-gc'], told as Report, 'models/node.ts', root, given);
  const parts = {
    node: () => suite({}, (result) => report(result as ModelResult)),
    memory: () => measureOnce(values.only ?? '', suite, report),
    packages: async () => {
      // It looks for its files from the folder in which it is loaded.
      const { measurePackages } = await import('./models/packages');
      await measurePackages(values.only ?? '', suite, report);
    },
    webgl: () => measureOnWebGL(values.only ?? '', report),
  };
  for (const runPart of choose(parts, Object.keys(parts))) await runPart();
  return modelsMarkdown([...results.values()], describeMachine());
}

/** Training from a file beside tf.data. */
async function runData(): Promise<string> {
  const rounds = Math.max(1, Number(values.rounds ?? 5));
  return dataMarkdown(await measureData(rounds, console.log), describeMachine());
}

/** From a camera to a canvas. */
async function runVision(): Promise<string> {
  const rounds = Math.max(1, Number(values.rounds ?? 3));
  // The models and the photo lie in test/models, from the root of the project.
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  const { measureVision } = await import('./vision');
  return visionMarkdown(
    await measureVision(rounds, values.only ?? '', console.log),
    describeMachine(),
    rounds,
  );
}

/** Transforms, spectrograms, and a microphone. */
async function runSound(): Promise<string> {
  const rounds = Math.max(1, Number(values.rounds ?? 15));
  const { measureSound } = await import('./sound');
  const { results, microphone } = await measureSound(rounds, values.only ?? '', console.log);
  return soundMarkdown(results, microphone, describeMachine(), rounds);
}

function keyOfResult(result: ProgramResult | PassEffect): string {
  return 'pass' in result ? `${result.pass} ${result.case}` : `${result.name} ${result.against}`;
}

/** Results by their keys, together with those of earlier parts, which `--merge` keeps in a file. */
async function merging<Result>(keyOf: (result: Result) => string, line: (result: Result) => string) {
  const merged = values.merge && resolve(process.env.INIT_CWD ?? '.', values.merge);
  const earlier = merged && existsSync(merged) ? await readFile(merged, 'utf8') : '[]';
  const results = new Map((JSON.parse(earlier) as Result[]).map((result) => [keyOf(result), result]));
  return {
    results,
    report: (result: Result): void => {
      results.set(keyOf(result), result);
      console.log(line(result));
      // At once: a part may be ended from outside.
      if (merged) writeFileSync(merged, JSON.stringify([...results.values()]));
    },
  };
}

/** Recorded functions beside unrecorded ones and peers, on the CPU in Node and on WebGL in a page. */
async function runPrograms(): Promise<string> {
  const { results, report } = await merging<ProgramResult | PassEffect>(keyOfResult, (result) =>
    'pass' in result ? effectSummary(result) : programSummary(result),
  );
  const machines = {
    node: () =>
      runInNode(
        ['--expose-gc'],
        (result) => report(result as ProgramResult | PassEffect),
        'programs/node.ts',
      ),
    webgl: () => runInChromium({ ...options, backend: 'webgl' }, report, { entry: 'programs/page.ts' }),
  };
  for (const runSuite of choose(machines, Object.keys(machines))) await runSuite();
  const all = [...results.values()];
  return programMarkdown(
    all.filter((result) => !('pass' in result)) as ProgramResult[],
    all.filter((result) => 'pass' in result) as PassEffect[],
    describeMachine(),
    options.rounds,
    isWritten ? runPyTorch() : null,
  );
}

async function runScale(): Promise<string> {
  const results: ScaleResult[] = [];
  await runInNode(['--expose-gc'], (result) => {
    results.push(result as ScaleResult);
    console.log(scaleSummary(result as ScaleResult));
  });
  return scaleMarkdown(results, describeMachine(), options.rounds);
}

const benchmarks = {
  scale: { file: 'docs/benchmarks-scale.md', run: runScale },
  models: { file: 'docs/benchmarks-models.md', run: runModels },
  data: { file: 'docs/benchmarks-data.md', run: runData },
  programs: { file: 'docs/benchmarks-programs.md', run: runPrograms },
  vision: { file: 'docs/benchmarks-vision.md', run: runVision },
  sound: { file: 'docs/benchmarks-sound.md', run: runSound },
  webgl: { file: 'docs/benchmarks-webgl.md', run: runWebGL },
  webgpu: { file: 'docs/benchmarks-webgpu.md', run: runWebGPU },
  streams: { file: 'docs/benchmarks-streams.md', run: runStreams },
} as const;
const asked = (Object.keys(benchmarks) as (keyof typeof benchmarks)[]).find((each) => values[each]);
const { file, run: runBenchmark } = asked ? benchmarks[asked] : { file: 'docs/benchmarks.md', run: runCases };
const text = await runBenchmark();
if (isWritten) {
  await writeFile(new URL(`../${file}`, import.meta.url), text);
  console.log(`written to ${file}`);
}
