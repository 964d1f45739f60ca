import { withPage } from '../chromium';
import type { CaseResult } from '../result';
import type { Driver } from './drivers';

/** Pages of each library, each in a browser of its own, whose shaders nobody has compiled. */
const ROUNDS = 5;

async function timeOf(entry: string, driver: Driver): Promise<number> {
  return withPage({ entry, open: driver.open }, async (page) => {
    const result = await page.waitForFunction(() => window.firstResult, { timeout: 120_000 });
    return (await result.jsonValue())!;
  });
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

/** From the load of a page to the first result of the separable network: scripts, shaders, weights and the run. */
export async function measureFirstResult(driver: Driver): Promise<CaseResult> {
  const row = {
    name: 'separable network of 30 layers: from page load to the first result',
    peer: 'tfjs-webgl',
    must: 2.2,
    aim: 4,
  };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await timeOf('webgl/first-result-of-ours.ts', driver));
    theirs.push(await timeOf('webgl/first-result-of-tfjs.ts', driver));
  }
  return {
    ...row,
    ours: median(ours),
    theirs: median(theirs),
    ratio: median(ours.map((own, i) => theirs[i]! / own)),
    ratioOfMinima: Math.min(...theirs) / Math.min(...ours),
  };
}
