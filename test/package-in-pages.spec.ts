import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { build, preview, type PreviewServer } from 'vite';
import * as dl from 'rxtensor';
import * as checkpoints from 'rxtensor/checkpoints';
import * as files from 'rxtensor/files';
import * as workers from 'rxtensor/workers';
import { launchBrowser } from '../scripts/launch-browser';
import { installedPackage } from './support/installed-package';
import { expected, program, worker } from './support/package-program';

/** A page under this policy can neither `eval` nor `new Function`; WebAssembly it may compile. */
const policy = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'`;

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

describe('the package, installed from its tarball, in a page that forbids eval', () => {
  let project: string;
  let server: PreviewServer;
  let browser: Browser;

  beforeAll(async () => {
    project = await installedPackage();
    await writeFile(join(project, 'program.js'), program);
    await writeFile(join(project, 'worker.js'), worker);
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
        `for (const name of ['conv3d', 'conv3d', 'sparse', 'loadGraphModel', 'noSuchName', 'Zeros', 'then']) void rxtensor[name];`,
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
      `rxtensor has no 'noSuchName'`,
      `rxtensor has no 'Zeros'`,
      `rxtensor has no 'browser.draw'`,
    ]);
    expect(hints[0]).toContain('rxtensor/ops');
    expect(hints[1]).toContain('scatterND');
    expect(hints[2]).toContain('rxtensor/models');
    expect(hints[3]).toContain('nothing of that name is known');
    expect(hints[4]).toContain("it is written 'zeros'");
    expect(hints[5]).toContain('paint');
  });
});
