import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { build, preview, type PreviewServer } from 'vite';
import * as dl from 'rxtensor';
import * as checkpoints from 'rxtensor/checkpoints';
import * as files from 'rxtensor/files';
import * as workers from 'rxtensor/workers';
import { entries } from '../scripts/entries.js';
import { launchBrowser } from '../scripts/launch-browser';
import { buildLibrary } from './built-library';

/** A page under this policy can neither `eval` nor `new Function`; WebAssembly it may compile. */
const policy = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'`;

/** A program of a user; it runs in Node, and Vite builds it for the browser. */
const program = `
import * as dl from 'rxtensor';
import * as tensor from 'rxtensor/tensor';
import * as cpu from 'rxtensor/cpu';
import * as streams from 'rxtensor/streams';
import * as testing from 'rxtensor/testing';
import * as data from 'rxtensor/data';
import * as files from 'rxtensor/files';
import * as inspector from 'rxtensor/inspector';
import * as models from 'rxtensor/models';
import * as parquet from 'rxtensor/parquet';
import * as tf from 'rxtensor/tfjs';
import * as workers from 'rxtensor/workers';
import { of } from 'rxjs';

export async function run(makeWorker) {
  dl.setBackend('cpu');
  const before = dl.memory().numTensors;
  const x = tensor.tensor1d([1, 2, 3]);
  const oneMemory = dl.memory().numTensors === before + 1 && tensor.memory().numTensors === before + 1;
  const squares = Array.from(x.square().add(1).dataSync());
  const gradient = Array.from(dl.grad((t) => t.square().sum())(x).dataSync());
  const seen = [];
  of(x)
    .pipe(streams.mapTensor((t) => t.mul(2)))
    .subscribe((t) => seen.push(...t.dataSync()));
  const watched = testing.expectNoLeak(() => tensor.tidy(() => x.square().sum().dataSync()[0]));
  let leak = '';
  try {
    testing.expectNoLeak(() => dl.scalar(1));
  } catch (error) {
    leak = error.message.split(':')[0];
  }
  const marbles = [];
  testing.tensorMarbles(({ cold, expectTensors }) => {
    expectTensors(cold('a|', { a: 2 }).pipe(streams.mapTensor((n) => x.mul(n)))).toBe('a|', { a: [2, 4, 6] });
    marbles.push('held');
  });
  const { numTensors } = tensor.memory();
  const crossed = [];
  await of(x)
    .pipe(workers.inWorker(makeWorker), streams.mapTensor((t) => t.add(x)), streams.download())
    .forEach((values) => crossed.push(...values));
  const rows = [];
  await files
    .csv(new Blob(['x\\n1\\n2\\n']), { columns: { x: 'int32' } })
    .pipe(streams.batch(2), streams.mapTensor((batch) => batch.x.mul(2)), streams.download())
    .forEach((values) => rows.push(...values));
  let errors = {};
  await of({ labels: [1, 2], predictions: [1, 4] })
    .pipe(data.measure(data.regression()))
    .forEach((value) => (errors = value));
  const inspected = dl.examples([1, 2]).pipe(streams.mapTensor((n) => dl.scalar(n)), streams.download());
  const inspection = inspector.inspect(inspected);
  await inspected.forEach(() => undefined);
  inspection.end();
  const stages = inspection.frame().stages.map(({ name }) => name);
  const node = [{ name: 'x', op: 'Placeholder' }, { name: 'y', op: 'Square', input: ['x'] }];
  const model = await models.loadGraphModel([new File([JSON.stringify({ modelTopology: { node } })], 'model.json')]);
  const predicted = dl.tidy(() => Array.from(model.predict(x).dataSync()));
  model.dispose();
  const graph = tf.loadGraphModelSync({ modelTopology: { node } });
  const dropIn = tf.tidy(() => Array.from(graph.predict(x).dataSync()));
  graph.dispose();
  const left = dl.memory().numTensors - numTensors;
  const strangers = [tensor, streams, cpu].flatMap((entry) => Object.keys(entry).filter((name) => entry[name] !== dl[name]));
  const inTheRoot = [data, files, inspector, models, parquet, workers, testing].flatMap((entry) => Object.keys(entry).filter((name) => name in dl));
  const found = { backend: tensor.getBackend(), oneMemory, squares, gradient, seen, watched, leak, marbles };
  return { ...found, crossed, rows, mae: errors.mae, stages, predicted, dropIn, left, strangers, inTheRoot };
}
`;

/** A page that computes nothing; its rxjs counts too. */
const light = `
import { inWorker } from 'rxtensor/page';
import { of } from 'rxjs';

const crossed = [];
const make = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
globalThis.result = of({ values: new Float32Array([1, 2]), shape: [2], dtype: 'float32' })
  .pipe(inWorker(make))
  .forEach(({ values, shape, dtype }) => crossed.push({ values: Array.from(values), shape, dtype }))
  .then(() => {
    const scripts = performance.getEntriesByType('resource').filter(({ initiatorType }) => initiatorType !== 'other');
    const bytes = scripts.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0);
    return { crossed, bytes: bytes > 0 && bytes < 60_000 ? 'few' : [bytes, scripts.map(({ name }) => name)] };
  });
`;

/** The file of its worker. */
const worker = `
import * as dl from 'rxtensor';
import { serve } from 'rxtensor/workers';

dl.setBackend('cpu');
serve((input$) => input$.pipe(dl.mapTensor((x) => x.mul(10))));
`;

const expected = {
  backend: 'cpu',
  oneMemory: true,
  squares: [2, 5, 10],
  gradient: [2, 4, 6],
  seen: [2, 4, 6],
  watched: 14,
  leak: 'expectNoLeak',
  marbles: ['held'],
  crossed: [11, 22, 33],
  rows: [2, 4],
  mae: 1,
  stages: ['examples', 'mapTensor', 'download', 'subscriber'],
  predicted: [1, 4, 9],
  dropIn: [1, 4, 9],
  left: 0,
  strangers: [],
  inTheRoot: [],
};

const types = `
import * as dl from 'rxtensor';
import { tensor1d, type Tensor } from 'rxtensor/tensor';
import { mapTensor } from 'rxtensor/streams';
import { deviceMarbles, type FakeDevice } from 'rxtensor/testing';
import { measure, regression, type RegressionErrors } from 'rxtensor/data';
import { csv, type CsvRow } from 'rxtensor/files';
import { inspect, type PipelineFrame } from 'rxtensor/inspector';
import { loadGraphModel, type GraphModel } from 'rxtensor/models';
import * as tf from 'rxtensor/tfjs';
import { inWorker as light, type HostTensor } from 'rxtensor/page';
import { inWorker, type WorkerLike } from 'rxtensor/workers';
import { of, type Observable } from 'rxjs';

const x: dl.Tensor = tensor1d([1, 2, 3]);
export const doubled: Observable<Tensor> = of(x).pipe(mapTensor((t) => t.mul(2)));
export const rows: Observable<CsvRow<{ x: 'int32' }>> = csv('rows.csv', { columns: { x: 'int32' } });
export const errors: Observable<RegressionErrors> = of({ labels: [1], predictions: [1] }).pipe(measure(regression()));
export const frame: PipelineFrame = inspect(rows).frame();
export const model: Promise<GraphModel> = loadGraphModel('model.json');
export const far = (make: () => WorkerLike): Observable<Tensor> => of(x).pipe(inWorker<Tensor, Tensor>(make));
export const near = (make: () => WorkerLike): Observable<HostTensor> => of(1).pipe(light<number, HostTensor>(make));
export const stranger: Promise<tf.GraphModel> = tf.loadGraphModel('model.json');
export const busy = (device: FakeDevice): boolean => device.busyFor > 0;
export const held: Promise<void> = deviceMarbles({ duration: 1 }, ({ cold, expectTensors }) => {
  expectTensors(cold('a|', { a: 1 }).pipe(mapTensor((n) => x.mul(n)))).toBe('a|', { a: [1, 2, 3] });
});
`;

function command(cwd: string, program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

describe('the package, installed from its tarball', () => {
  const root = resolve('.');
  let project: string;

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'rxtensor-package-'));
    buildLibrary();
    // rxjs comes from here too: the test needs no network.
    const packages = ['.', 'node_modules/rxjs', 'node_modules/tslib', 'node_modules/hyparquet'].map(
      (folder) => resolve(folder),
    );
    command(root, 'npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', project, ...packages);
    const tarballs = (await readdir(project)).map((name) => `./${name}`);
    await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    command(
      project,
      'npm',
      'install',
      '--silent',
      '--offline',
      '--ignore-scripts',
      '--no-audit',
      ...tarballs,
    );
    await writeFile(join(project, 'program.js'), program);
    await writeFile(join(project, 'worker.js'), worker);
  });

  afterAll(() => rm(project, { recursive: true, force: true }));

  it('holds the built library, its licence and its documents, and no source or specs', async () => {
    const files = await readdir(join(project, 'node_modules/rxtensor'), { recursive: true });
    expect(files).toContain('LICENSE');
    expect(files).toContain('README.md');
    expect(files).toContain(join('dist', 'index.d.ts'));
    expect(files).toContain(join('dist', 'rxtensor.min.js'));
    expect(files).toContain(join('dist', 'rxtensor.js'));
    expect(files.filter((file) => /\bspecs?\b|^src|\.cache/.test(file))).toEqual([]);
  });

  it('holds its shaders without their indentation', async () => {
    const code = await readFile(join(project, 'node_modules/rxtensor/dist/chunks/tensor.js'), 'utf8');
    expect(code).toMatch(/^float [a-z_]+\(/m);
    expect(code).not.toMatch(/^\s+(float|int|bool|[iu]?vec[234]) \w/m);
  });

  /** The files that an entry loads, itself too. */
  async function loadedBy(entry: string): Promise<string[]> {
    const reached = new Set<string>();
    const follow = async (file: string): Promise<void> => {
      if (reached.has(file)) return;
      reached.add(file);
      const code = await readFile(join(project, 'node_modules/rxtensor/dist', file), 'utf8');
      const imports = [...code.matchAll(/^(?:import|export) .*?'(\.[^']+)';$/gm)];
      for (const [, path = ''] of imports) await follow(join(dirname(file), path));
    };
    await follow(entry);
    return [...reached].map((file) => file.replaceAll('\\', '/')).sort();
  }

  it('has a root that loads no other entry', async () => {
    const chunks = ['chunks/streams.js', 'chunks/tensor.js', 'chunks/wasm.js', 'chunks/webgl.js'];
    expect(await loadedBy('index.js')).toEqual([...chunks, 'index.js']);
  });

  it('has an entry for small pages that is the root without WebGL', async () => {
    const chunks = ['chunks/streams.js', 'chunks/tensor.js', 'chunks/wasm.js'];
    expect(await loadedBy('cpu.js')).toEqual([...chunks, 'cpu.js']);
  });

  it('has an entry for pages that loads no engine', async () => {
    expect(await loadedBy('page.js')).toEqual(['page.js']);
  });

  it('works in Node, with one engine behind all entries', async () => {
    await writeFile(
      join(project, 'main.js'),
      [
        `import { Worker } from 'node:worker_threads';`,
        `import { run } from './program.js';`,
        `const makeWorker = () => new Worker(new URL('./worker.js', import.meta.url));`,
        `console.log(JSON.stringify(await run(makeWorker)));`,
      ].join('\n'),
    );
    expect(JSON.parse(command(project, process.execPath, 'main.js'))).toEqual(expected);
  });

  it('keeps checkpoints in files by its entry for Node', async () => {
    const lines = [
      `import { fileStore } from 'rxtensor/node';`,
      `const store = fileStore('run.checkpoint');`,
      `const before = await store.load();`,
      `await store.save(new Uint8Array([1, 2, 3]));`,
      `console.log(JSON.stringify([before, [...(await store.load())]]));`,
    ];
    await writeFile(join(project, 'store.js'), lines.join('\n'));
    expect(JSON.parse(command(project, process.execPath, 'store.js'))).toEqual([null, [1, 2, 3]]);
  });

  it('has types for bundlers and for Node', async () => {
    await writeFile(join(project, 'types.ts'), types);
    const options = '--noEmit --strict --target es2022 --lib es2022,dom';
    for (const resolution of ['esnext --moduleResolution bundler', 'nodenext']) {
      const args = [...options.split(' '), '--module', ...resolution.split(' '), 'types.ts'];
      expect(command(project, process.execPath, join(root, 'node_modules/typescript/bin/tsc'), ...args)).toBe(
        '',
      );
    }
  });

  it('has types for a CommonJS program, to which `require` of Node 20.19 gives the ES modules', async () => {
    // NATS is a peer that is not installed here.
    const names = entries.map(({ name }) => name).filter((name) => name !== 'index' && name !== 'nats');
    const lines = [
      `import dl = require('rxtensor');`,
      `import type { Tensor1D } from 'rxtensor/tensor';`,
      ...names.map((name, i) => `import entry${i} = require('rxtensor/${name}');`),
      `const x: Tensor1D = dl.tensor1d([1, 2, 3]);`,
      `const values: Float32Array | Int32Array | Uint8Array = x.square().dataSync();`,
      `const all: readonly object[] = [${names.map((_, i) => `entry${i}`).join(', ')}];`,
      `console.log(JSON.stringify([Array.from(values), all.every((entry) => Object.keys(entry).length > 0)]));`,
      `export const later: Promise<typeof import('rxtensor/files')> = import('rxtensor/files');`,
    ];
    await writeFile(join(project, 'consumer.cts'), lines.join('\n'));
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const options = '--strict --esModuleInterop --target es2022 --lib es2022,dom --typeRoots none'.split(' ');
    for (const module of ['node16', 'nodenext']) {
      const args = [...options, '--module', module, '--outDir', 'compiled', 'consumer.cts'];
      expect(command(project, process.execPath, compiler, ...args))
        .withContext(module)
        .toBe('');
    }
    expect(JSON.parse(command(project, process.execPath, 'compiled/consumer.cjs'))).toEqual([
      [1, 4, 9],
      true,
    ]);
  });

  describe('in a page that forbids eval', () => {
    let server: PreviewServer;
    let browser: Browser;

    beforeAll(async () => {
      // Bundled by Vite from node_modules, and as the files for a <script> tag.
      await mkdir(join(project, 'public'));
      for (const file of ['rxtensor.min.js', 'rxtensor.js'])
        await cp(join(project, 'node_modules/rxtensor/dist', file), join(project, 'public', file));
      await writeFile(
        join(project, 'public/classic.js'),
        [
          `const x = rxtensor.tensor1d([1, 2, 3]);`,
          `globalThis.result = { squares: Array.from(x.square().dataSync()), names: Object.keys(rxtensor).sort() };`,
        ].join('\n'),
      );
      await writeFile(
        join(project, 'public/classic.html'),
        `<!doctype html><script src="rxtensor.min.js"></script><script src="classic.js"></script>`,
      );
      await writeFile(
        join(project, 'public/hints.js'),
        [
          `const hints = [];`,
          `console.warn = (text) => hints.push(text);`,
          `for (const name of ['conv3d', 'conv3d', 'sparse', 'loadGraphModel', 'noSuchName', 'then']) void rxtensor[name];`,
          `void rxtensor.browser.draw;`,
          `const x = rxtensor.tensor1d([1, 2, 3]);`,
          `const names = Object.keys(rxtensor).sort();`,
          `globalThis.result = { squares: Array.from(x.square().dataSync()), names, hints, sum: rxtensor.losses.absoluteDifference([1], [3]).dataSync()[0] };`,
        ].join('\n'),
      );
      await writeFile(
        join(project, 'public/hints.html'),
        `<!doctype html><script src="rxtensor.js"></script><script src="hints.js"></script>`,
      );
      await writeFile(
        join(project, 'page.js'),
        [
          `import { run } from './program.js';`,
          `globalThis.result = run(() => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }));`,
        ].join('\n'),
      );
      await writeFile(
        join(project, 'index.html'),
        `<!doctype html><script type="module" src="/page.js"></script>`,
      );
      await writeFile(join(project, 'light.js'), light);
      await writeFile(
        join(project, 'light.html'),
        `<!doctype html><script type="module" src="/light.js"></script>`,
      );
      const config = {
        root: project,
        configFile: false,
        logLevel: 'error',
        build: { rollupOptions: { input: ['index.html', 'light.html'].map((file) => join(project, file)) } },
      } as const;
      await build(config);
      const headers = { 'Content-Security-Policy': policy };
      server = await preview({ ...config, preview: { port: 0, host: '127.0.0.1', headers } });
      browser = await launchBrowser();
    });

    afterAll(async () => {
      await browser.close();
      await server.close();
    });

    /** Opens a page of the built site: what its script made, and all that went wrong. */
    async function open(path: string): Promise<{ result: unknown; problems: string[] }> {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.location().url?.endsWith('favicon.ico'))
          problems.push(message.text());
      });
      const url = new URL(path, server.resolvedUrls?.local[0]);
      const response = await page.goto(url.href, { waitUntil: 'load' });
      expect(response?.headers()['content-security-policy']).toBe(policy);
      const result: unknown = await page.evaluate('globalThis.result');
      await page.close();
      return { result, problems };
    }

    it('works as Vite bundles it', async () => {
      expect(await open('/')).toEqual({ result: expected, problems: [] });
    });

    it('works as a page that leaves its tensors to a worker, and loads no engine for it', async () => {
      // Those of the page itself; the scripts of the worker come to the worker.
      expect(await open('/light.html')).toEqual({
        result: { crossed: [{ values: [10, 20], shape: [2], dtype: 'float32' }], bytes: 'few' },
        problems: [],
      });
    });

    it('works as one script, which has the entries for pages too', async () => {
      const names = [dl, checkpoints, files, workers].flatMap((entry) => Object.keys(entry)).sort();
      expect(await open('/classic.html')).toEqual({ result: { squares: [1, 4, 9], names }, problems: [] });
    });

    it('hints, as the script for those who develop, at names that are not there', async () => {
      const names = [dl, checkpoints, files, workers].flatMap((entry) => Object.keys(entry)).sort();
      const { result, problems } = await open('/hints.html');
      const { hints, ...rest } = result as { readonly hints: readonly string[] } & Readonly<
        Record<string, unknown>
      >;
      expect(rest).toEqual({ squares: [1, 4, 9], sum: 2, names });
      expect(problems).toEqual([]);
      expect(hints.map((hint) => hint.split(':')[0])).toEqual([
        `rxtensor has no 'conv3d'`,
        `rxtensor has no 'sparse'`,
        `rxtensor has no 'loadGraphModel'`,
        `rxtensor has no 'browser.draw'`,
      ]);
      expect(hints[0]).toContain('nothing takes its place');
      expect(hints[2]).toContain('rxtensor/models');
      expect(hints[3]).toContain('paint');
    });
  });
});
