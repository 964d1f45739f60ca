// `npm run bench`: ours and the peers in Node, in Node with relaxed SIMD and in Chromium; writes docs/benchmarks.md.
//
//   --only TEXT     only the cases whose name or peer holds the text (nothing is written then)
//   --rounds N      counted runs of each, 15 by default, at least 9
//   --in NAMES      of node, relaxed and chromium, by commas; all by default
import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle, WASM_FOLDER } from './bundle';
import { runInChromium } from './chromium';
import { describeMachine, markdown, summary, type Column } from './report';
import type { CaseResult, SuiteOptions } from './suite';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    in: { type: 'string', default: 'node,relaxed,chromium' },
  },
});

const options: SuiteOptions = {
  rounds: Math.max(9, Number(values.rounds)),
  ...(values.only ? { only: values.only } : {}),
};

async function runInNode(flags: readonly string[], report: (result: CaseResult) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rxtensor-bench-'));
  const script = join(folder, 'suite.cjs');
  await writeFile(script, await bundle('node.ts', 'node'));
  try {
    await new Promise<void>((resolve, reject) => {
      const given: SuiteOptions = { ...options, wasmPath: fileURLToPath(WASM_FOLDER) };
      const child = fork(script, [JSON.stringify(given)], { execArgv: [...flags] });
      child.on('message', (result) => report(result as CaseResult));
      child.on('error', reject);
      child.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`the suite in Node ended with code ${code}`)),
      );
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const places: Readonly<
  Record<string, { title: string; run: (report: (result: CaseResult) => void) => Promise<void> }>
> = {
  node: { title: `Node ${process.versions.node}`, run: (report) => runInNode([], report) },
  relaxed: {
    title: `Node ${process.versions.node}, relaxed SIMD`,
    run: (report) => runInNode(['--experimental-wasm-relaxed-simd'], report),
  },
  chromium: { title: 'Chromium', run: (report) => runInChromium(options, report) },
};

const columns: Column[] = [];
for (const name of values.in.split(',')) {
  const place = places[name];
  if (!place) throw new Error(`--in ${name}: no such place; there are ${Object.keys(places).join(', ')}`);
  console.log(place.title);
  const results: CaseResult[] = [];
  await place.run((result) => {
    results.push(result);
    console.log(summary(result));
  });
  columns.push({ title: place.title, results });
}
if (!values.only && columns.length === Object.keys(places).length) {
  await writeFile(
    new URL('../docs/benchmarks.md', import.meta.url),
    markdown(columns, describeMachine(), options.rounds),
  );
  console.log('written to docs/benchmarks.md');
}
