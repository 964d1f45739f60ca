import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { packages, type Library, type Package } from '../../test/models/drop-in-calls';
import { built, builtForPage, servePackages } from '../../test/models/drop-in-packages';
import { withPage } from '../chromium';
import { measurePairs } from '../measure';
import { isChosen, type ModelResult } from './case';
import { alternating } from './pairs';
import { openBrowser } from './webgl-browser';

/** A package is timed for so long at most. */
const MOST_MS = 5000;
/** Calls before, in which programs are recorded. */
const CALLS = 5;

interface WithWasm {
  readonly setWasmPaths: (folder: string) => void;
  readonly setThreadsCount: (count: number) => void;
}

type Timed = Pick<ModelResult, 'ours' | 'theirs' | 'ratio'>;

async function onWasm(each: Package, address: string): Promise<Timed> {
  const [ours, theirs] = [await built(each, 'ours'), await built(each, 'backend-wasm')];
  const wasm = theirs.tf as Library & WithWasm;
  wasm.setWasmPaths(join(process.cwd(), 'test/models/node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
  wasm.setThreadsCount(1);
  const calls: (() => Promise<void>)[] = [];
  for (const { used, tf } of [ours, theirs]) {
    tf.env().set('PROD', true);
    await tf.setBackend('wasm');
    const call = await each.open(used as never, tf, address);
    for (let i = 0; i < CALLS; i++) await call();
    calls.push(() => call().then(() => undefined));
  }
  const timed = await measurePairs(calls[0]!, calls[1]!, 9, MOST_MS);
  return { ours: timed.ours, theirs: timed.theirs, ratio: timed.paired((a, b) => b / a) };
}

async function onWebGL(each: Package, address: string): Promise<Timed> {
  const page = 'bench/models/packages-page.ts';
  const [ours, theirs] = await Promise.all([
    builtForPage(each, 'ours', page),
    builtForPage(each, 'backend-webgl', page),
  ]);
  const opened = async (page: Page): Promise<() => Promise<number>> => {
    await page.evaluate((at) => window.packagePage.open(at), address);
    const run = (): Promise<number> => page.evaluate(() => window.packagePage.run());
    for (let i = 0; i < CALLS; i++) await run();
    return run;
  };
  return withPage({ script: ours, open: openBrowser }, (own) =>
    withPage({ script: theirs, open: openBrowser }, async (their) =>
      alternating(await opened(own), await opened(their), MOST_MS),
    ),
  );
}

const peers = { 'tfjs-wasm': onWasm, 'tfjs-webgl': onWebGL };

/** Calls of packages that are made for TensorFlow.js, on rxtensor/tfjs and on TensorFlow.js. It runs from the project's folder. */
export async function measurePackages(only: string, report: (result: ModelResult) => void): Promise<void> {
  const server = await servePackages();
  try {
    for (const [peer, measured] of Object.entries(peers)) {
      for (const each of packages.filter(({ name }) => isChosen(only, `${name} ${peer}`))) {
        const row = { kind: 'a call of a package', name: each.name, peer } as const;
        try {
          report({ ...row, ...(await measured(each, server.address)) });
        } catch (error) {
          report({ ...row, problem: error instanceof Error ? error.message : String(error) });
        }
      }
    }
  } finally {
    server.close();
  }
}
