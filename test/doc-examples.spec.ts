// Every example in a doc comment or a page of the documentation is a program: it compiles, runs, throws nothing, and a pipeline leaks nothing.
// (Those that need a page or a worker are compiled here; doc-examples-page.spec.ts runs those of the guides.)
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { config } from 'rxjs';
import ts from 'typescript';
import type * as rxtensor from '../src/index';
import type * as abandoned from '../src/tensor/abandoned';
import { startNatsServer, type NatsServer } from '../scripts/nats-server';
import { commentExamples, guideExamples } from './doc-example';

const FOLDER = '.cache/doc-examples';
const all = [...commentExamples(), ...guideExamples()];
const sources = all.map((_, i) => join(FOLDER, `example-${i}.ts`));
/** The library that the examples share, as they were built. */
const library = join(FOLDER, 'library.ts');

const built = (file: string): Promise<unknown> => import(pathToFileURL(resolve(FOLDER, 'built', file)).href);

/** An example of a single op may leave its tensors to the reader. One of a pipeline leaves nothing, but the variables of a model. */
const leavesNothing = (place: string): boolean => !place.startsWith('src/tensor');

/** Tensors that examples leave: held here, so that the garbage collector frees none while those of a pipeline are counted. */
const leftTensors: unknown[] = [];

/** How much waits for its turn of the event loop in this process. */
function scheduledWork(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length;
}

/**
 * A stream goes on when its module has been evaluated. The next example has to find the device idle, and the console its own: waits until
 * no more is scheduled than before, for some turns on end, or for ten seconds where something never ends.
 */
async function streamsEnded(before: number): Promise<void> {
  for (let turn = 0, calm = 0; turn < 1000 && calm < 4; turn++) {
    await new Promise((done) => setTimeout(done, 10));
    calm = scheduledWork() <= before ? calm + 1 : 0;
  }
}

describe('the examples in the documentation', () => {
  let server: NatsServer;

  beforeAll(async () => {
    server = await startNatsServer();
    process.env.NATS_URL = server.url;
  }, 60_000);
  afterAll(() => server.stop());

  beforeAll(async () => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    all.forEach(({ code }, i) => writeFileSync(sources[i]!, `${code}\nexport {};\n`));
    writeFileSync(
      library,
      "export * from 'rxtensor';\nexport { observeAbandoned } from '../../src/tensor/abandoned';\n",
    );
    await build({
      entryPoints: [...sources, library],
      outdir: join(FOLDER, 'built'),
      bundle: true,
      splitting: true,
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      platform: 'node',
      target: 'es2022',
      packages: 'external',
      logLevel: 'error',
    });
    const { observeAbandoned } = (await built('library.mjs')) as typeof abandoned;
    observeAbandoned((tensor) => leftTensors.push(tensor));
  }, 60_000);

  it('are there', () => {
    expect(all.length).toBeGreaterThan(20);
  });

  it('compile under strict', () => {
    const { config: read } = ts.readConfigFile('tsconfig.json', ts.sys.readFile.bind(ts.sys)) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(read.compilerOptions, process.cwd());
    const program = ts.createProgram(
      sources.map((source) => resolve(source)),
      { ...options, noEmit: true },
    );
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
      const index = file ? sources.findIndex((source) => file.fileName.endsWith(source)) : -1;
      const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
      const place = index < 0 ? (file?.fileName ?? '') : `${all[index]!.place} (line ${line} of the example)`;
      return `${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    expect(problems).toEqual([]);
  }, 60_000);

  all.forEach(({ place, needsPage, workerFile }, i) => {
    if (needsPage || workerFile) return;
    it(`run: ${place}`, async () => {
      const { disposeVariables, memory } = (await built('library.mjs')) as typeof rxtensor;
      const tensors = memory().numTensors;
      const failures: unknown[] = [];
      const scheduled = scheduledWork();
      const before = config.onUnhandledError;
      config.onUnhandledError = (error) => failures.push(error);
      spyOn(console, 'log');
      try {
        await built(`example-${i}.mjs`);
        await streamsEnded(scheduled);
      } finally {
        config.onUnhandledError = before;
      }
      expect(failures).toEqual([]);
      disposeVariables();
      if (leavesNothing(place)) expect(memory().numTensors).withContext('tensors left').toBe(tensors);
    }, 20_000);
  });
});
