// In Chromium, with a microphone that hears a file, every sample comes, at its time; for ten minutes with --flags microphone=600.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import { browserFlags } from '../scripts/find-browser';
import { launchBrowser } from '../scripts/launch-browser';
import { PROCESSOR_SOURCE } from '../src/sound/sources/processor';
import type { MicrophoneRun, MicrophoneTask } from './microphone-page';
import { testRun } from './support/test-run';

/** The rate of Chromium's fake microphone, so that it does not resample. */
const RATE = 44_100;
/** The counter goes from 0 to 29,999. */
const PERIOD = 30_000;
const seconds = testRun().microphone ?? 8;

/** A WAV file of 16 bits whose samples count, longer than a run: where it begins anew the browser is silent for a moment. */
function counter(): Uint8Array {
  const length = RATE * (seconds + 60);
  const data = Buffer.alloc(44 + 2 * length);
  data.write('RIFF', 0);
  data.writeUInt32LE(data.length - 8, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(RATE, 24);
  data.writeUInt32LE(2 * RATE, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(2 * length, 40);
  for (let i = 0; i < length; i++) data.writeInt16LE(i % PERIOD, 44 + 2 * i);
  return data;
}

describe('A microphone of a page', () => {
  let server: Server;
  let address = '';
  let folder = '';
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-microphone-'));
    await writeFile(join(folder, 'counter.wav'), counter());
    const bundled = await build({
      entryPoints: ['test/microphone-page.ts'],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'entry',
      target: 'es2022',
      logLevel: 'warning',
    });
    const files = new Map([
      ['/page.js', bundled.outputFiles[0]!.text],
      ['/sound-worklet.js', PROCESSOR_SOURCE],
    ]);
    server = createServer(({ url = '/' }, response) => {
      if (url.startsWith('/strict'))
        response.setHeader('content-security-policy', "script-src 'self' 'wasm-unsafe-eval'");
      const file = files.get(url);
      if (file !== undefined) response.setHeader('content-type', 'text/javascript').end(file);
      else
        response
          .setHeader('content-type', 'text/html')
          .end('<!doctype html><p>Hello</p><script src="/page.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser([
      ...browserFlags(),
      `--use-file-for-fake-audio-capture=${join(folder, 'counter.wav')}`,
    ]);
  });

  afterAll(async () => {
    await browser.close();
    server.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    page = await browser.newPage();
    page.setDefaultTimeout(0);
  });

  afterEach(async () => {
    await page.close();
  });

  const run = async (task: Partial<MicrophoneTask>): Promise<MicrophoneRun> => {
    const whole: MicrophoneTask = { seconds, period: PERIOD, ...task };
    await page.evaluate(`{
      globalThis.found = null;
      entry.main(${JSON.stringify(whole)}).then((run) => (found = JSON.stringify(run)), (error) => (found = JSON.stringify({ message: String(error) })));
      0;
    }`);
    // A call into a page may take three minutes at most.
    for (;;) {
      const text = await page.evaluate(
        'new Promise((resolve) => { const look = () => found ? resolve(found) : 0; look(); const timer = setInterval(look, 50); setTimeout(() => { clearInterval(timer); resolve(null); }, 30_000); })',
      );
      if (text !== null) return JSON.parse(text as string) as MicrophoneRun;
    }
  };
  const expectClosed = ({ left, track, context }: MicrophoneRun): void =>
    expect([left, track, context]).toEqual([0, 'ended', 'closed']);

  it(
    `hears every sample for ${seconds} seconds, without a gap, a leak or growing latency`,
    async () => {
      await page.goto(address);
      const found = await run({});
      const { rate, frames, gaps, wrong, firstWrong, silent, dropped, latencies, tensors, heap } = found;
      const [half, most] = [latencies.length / 2, Math.max(...latencies)];
      console.log(
        `microphone: ${frames} frames in ${found.seconds.toFixed(1)} s, ${gaps.length} gaps, ${silent} samples filled in and ${dropped} times buffers dropped by the browser, latency ${latencies.map((ms) => ms.toFixed(0)).join(' ')} ms, heap ${heap.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(' ')} MB`,
      );
      expect(rate).toBe(RATE);
      expect(gaps).toEqual([]);
      expect([wrong, firstWrong]).toEqual([0, []]);
      // On an idle machine it is none; one that shares its cores is late.
      expect(dropped).toBeLessThan(2 * seconds);
      expect(silent).toBeLessThan(0.02 * frames * 1024 + RATE / 4);
      expect(Math.abs(frames - (seconds * RATE) / 1024)).toBeLessThan(2);
      // A page that shares its cores is late at times, but no more at the end than at the beginning.
      const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;
      expect(most).toBeLessThan(2000);
      expect(median(latencies.slice(half))).toBeLessThan(median(latencies.slice(0, half)) + 50);
      expect(Math.max(...tensors.slice(half))).toBeLessThanOrEqual(Math.max(...tensors.slice(0, half)));
      expect(Math.min(...heap.slice(half))).toBeLessThan(2 * Math.max(...heap.slice(0, half)));
      expectClosed(found);
    },
    1000 * (60 + 2 * seconds),
  );

  it('hears on while its page is hidden', async () => {
    await page.goto(address);
    const running = run({ seconds: 6 });
    const other = await browser.newPage();
    await other.bringToFront();
    const found = await running;
    await other.close();
    expect(found.hidden).toBeTrue();
    expect(found.gaps).toEqual([]);
    expect(found.wrong).toBe(0);
    expectClosed(found);
  }, 60_000);

  it('fails when it is taken away in the middle', async () => {
    await page.goto(address);
    const running = run({ seconds: 600 });
    await page.evaluate('new Promise((resolve) => setTimeout(() => resolve(entry.unplug()), 3000))');
    const found = await running;
    expect(found.message).toMatch(/^microphone: the microphone '.*' stopped: it was unplugged/);
    expect(found.frames).toBeGreaterThan(10);
    expect(found.wrong).toBe(0);
    expectClosed(found);
  }, 60_000);

  it('says what to do where a policy forbids blobs, and takes the file of the package', async () => {
    await page.goto(`${address}/strict`);
    expect((await run({ seconds: 1 })).message).toMatch(/could not be loaded from a blob.*option 'worklet'/);
    const found = await run({ seconds: 1, worklet: '/sound-worklet.js' });
    expect([found.message, found.wrong]).toEqual(['', 0]);
    expectClosed(found);
  }, 60_000);
});
