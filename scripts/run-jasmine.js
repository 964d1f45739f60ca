// Runs specs with Jasmine in this process:
//   node scripts/run-jasmine.js specs      the suite of src/, as bundled by scripts/bundle-specs.ts
//   node scripts/run-jasmine.js differential      the comparison with TensorFlow.js, as bundled
//   node scripts/run-jasmine.js pipelines      the random pipelines, as bundled
//   node scripts/run-jasmine.js four-ways      the comparison of all ways of computing, as bundled
//   node --import tsx scripts/run-jasmine.js models      public models, beside TensorFlow.js
//   node --import tsx scripts/run-jasmine.js platforms      frameworks, runtimes and browsers, each with an installation of its own
//   node --import tsx scripts/run-jasmine.js project      the tests of test/: the package, the examples, the tools
//
// Options: --filter TEXT runs the specs whose full name contains the text; --part 1/2 runs the first half of them; --seed N repeats an order;
// --backend NAME and --flags NAME=VALUE,… are passed to the specs in `globalThis.__RXTENSOR_TEST__`.
import { parseArgs } from 'node:util';
import Jasmine from 'jasmine';
import { testFlags } from './test-flags.js';
import { SpecCount } from './spec-count.js';
import { patternOfPart } from './spec-part.js';

const suites = {
  specs: { files: ['.cache/specs/node.js'], timeout: 60_000 },
  differential: { files: ['.cache/differential/node.js'], timeout: 600_000 },
  pipelines: { files: ['.cache/pipelines/node.js'], timeout: 3_600_000 },
  'four-ways': { files: ['.cache/four-ways/node.js'], timeout: 600_000 },
  models: { files: ['test/models/*.spec.ts'], timeout: 600_000 },
  platforms: { files: ['test/platforms/*.spec.ts'], timeout: 600_000 },
  project: { files: ['test/*.spec.ts'], timeout: 300_000 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    filter: { type: 'string' },
    part: { type: 'string' },
    seed: { type: 'string' },
    backend: { type: 'string' },
    flags: { type: 'string' },
  },
});
const [name = 'specs'] = positionals;
if (!(name in suites))
  throw new Error(`there is no suite '${name}'; wanted ${Object.keys(suites).join(', ')}`);
const suite = suites[/** @type {keyof typeof suites} */ (name)];
const seed = Number(values.seed ?? Math.floor(Math.random() * 100_000));

Object.assign(globalThis, { __RXTENSOR_TEST__: { seed, ...testFlags(values.backend, values.flags) } });

const count = new SpecCount((values.filter ?? values.part) !== undefined);
const runner = new Jasmine();
jasmine.DEFAULT_TIMEOUT_INTERVAL = suite.timeout;
runner.exitOnCompletion = false;
runner.loadConfig({ spec_files: suite.files });
runner.seed(seed);
runner.addReporter({
  specDone(spec) {
    count.add(spec.fullName, spec.status, spec.duration ?? 0);
  },
  suiteDone(done) {
    for (const { message } of done.failedExpectations) count.fail(`${done.fullName}: ${message}`);
  },
  jasmineDone(done) {
    for (const { message } of done.failedExpectations) count.fail(message);
  },
});

const pattern =
  values.part === undefined
    ? values.filter?.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
    : patternOfPart(values.part);
await runner.execute([], pattern);
count.report();
// A server or a browser that a spec has left open must not keep the process alive.
process.exit(count.failed === 0 ? 0 : 1);
