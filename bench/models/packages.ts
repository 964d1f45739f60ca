import type { Page } from 'puppeteer-core';
import { packages, type Package } from '../../test/models/drop-in-calls';
import { builtForNode, builtForPage, servePackages } from '../../test/models/drop-in-packages';
import { withPage } from '../chromium';
import { isChosen, type Compared, type ModelResult, type PackageRun } from './case';
import type { RunSuite } from './once';
import { alternating } from './pairs';
import { openBrowser } from './webgl-browser';

/** A package is timed for so long at most. */
const MOST_MS = 5000;
/** Calls before, in which programs are recorded. */
const CALLS = 5;

async function onWasm(each: Package, address: string, suite: RunSuite): Promise<Compared> {
  const { name } = each;
  const [ours, theirs] = [await builtForNode(each, 'ours'), await builtForNode(each, 'backend-wasm')];
  const told: unknown[] = [];
  await suite({ package: { name, ours, theirs, address } satisfies PackageRun }, (found) => told.push(found));
  return told[0] as Compared;
}

async function onWebGL(each: Package, address: string): Promise<Compared> {
  const page = 'bench/models/packages-page.ts';
  const [ours, theirs] = [
    await builtForPage(each, 'ours', page),
    await builtForPage(each, 'backend-webgl', page),
  ];
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
export async function measurePackages(
  only: string,
  suite: RunSuite,
  report: (result: ModelResult) => void,
): Promise<void> {
  const server = await servePackages();
  try {
    for (const [peer, measured] of Object.entries(peers)) {
      for (const each of packages.filter(({ name }) => isChosen(only, `${name} ${peer}`))) {
        const row = { kind: 'a call of a package', name: each.name, peer } as const;
        try {
          report({ ...row, ...(await measured(each, server.address, suite)) });
        } catch (error) {
          report({ ...row, problem: error instanceof Error ? error.message.split('\n')[0]! : String(error) });
        }
      }
    }
  } finally {
    server.close();
  }
}
