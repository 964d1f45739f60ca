import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../scripts/launch-browser';
import type { Progress } from '../examples/feed/progress';
import type { Point } from '../examples/feed/service';
import { newPage, until } from './example-pages';

/** The learner saves a checkpoint every so many steps. */
const CHECKPOINT_EVERY = 20;

/** The service as a process of its own. */
class Service {
  private static readonly running = new Set<ChildProcess>();

  private constructor(
    private readonly process: ChildProcess,
    readonly address: string,
  ) {}

  static async start(checkpoint: string): Promise<Service> {
    const args = ['--import', 'tsx', 'examples/feed/main.ts', '--port', '0', '--rate', '4000'];
    const child = spawn(process.execPath, [...args, '--checkpoint', checkpoint], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    Service.running.add(child);
    child.once('exit', () => Service.running.delete(child));
    for await (const chunk of child.stdout) {
      const [, address] = /(http:\S+)/.exec(String(chunk)) ?? [];
      if (address) return new Service(child, address);
    }
    throw new Error('the service did not start');
  }

  async state(): Promise<Progress> {
    return (await (await fetch(`${this.address}state`)).json()) as Progress;
  }

  /** The losses of its steps so far, by their numbers. */
  async losses(): Promise<Map<number, number>> {
    const { step: newest } = await this.state();
    const stop = new AbortController();
    const response = await fetch(`${this.address}events`, { signal: stop.signal });
    const losses = new Map<number, number>();
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop()!;
      for (const line of lines) {
        const point = line.startsWith('data: {"step"') ? (JSON.parse(line.slice(6)) as Point) : null;
        if (point) losses.set(point.step, point.loss);
      }
      if (losses.has(newest)) break;
    }
    stop.abort();
    return losses;
  }

  /** Waits until it has learnt so many rows. */
  learnt(rows: number): Promise<Progress> {
    return until(
      () => this.state(),
      `it has learnt ${rows} rows`,
      (now) => now.rows >= rows,
    );
  }

  kill(): Promise<void> {
    return killed(this.process);
  }

  /** Kills those that a failure has left. */
  static async killAll(): Promise<void> {
    await Promise.all([...Service.running].map(killed));
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** No row was lost or came twice, and the detector has seen the error of each batch once, since its state was kept with the model. */
function expectWhole({ rows, sumOfIds, step, drifts, seenSince }: Progress): void {
  expect(sumOfIds).toBe((rows * (rows - 1)) / 2);
  // Half of a batch is new; single rows more where nothing is remembered yet.
  expect(Math.abs(rows - 20 * step)).toBeLessThanOrEqual(10);
  expect(seenSince).toBe(step - (drifts.at(-1) ?? 0));
}

describe('the service that learns from a feed', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-feed-'));
  });

  afterEach(async () => {
    await Service.killAll();
    await rm(folder, { recursive: true });
  });

  it('loses no row and learns none twice, has the losses and the detector of one that was never killed; and its page shows it', async () => {
    const checkpoint = join(folder, 'feed.checkpoint');
    let rows = 0;
    let drifts: readonly number[] = [];
    const losses: Map<number, number>[] = [];
    // The last run goes past the first drift, which comes with row 4000.
    for (const more of [1000, 1500, 2500]) {
      const service = await Service.start(checkpoint);
      const found = await service.learnt(rows + more);
      expectWhole(found);
      expect(found.drifts.slice(0, drifts.length)).toEqual([...drifts]);
      ({ rows, drifts } = found);
      losses.push(await service.losses());
      await service.kill();
    }
    // Each run has the losses of one that is never killed, bit for bit; they overlap, from the last checkpoint on.
    const whole = await Service.start(join(folder, 'whole.checkpoint'));
    await whole.learnt(rows + 1000);
    const wanted = await whole.losses();
    await whole.kill();
    for (const run of losses) {
      expect(run.size).toBeGreaterThan(40);
      expect([...run]).toEqual([...run.keys()].map((step) => [step, wanted.get(step)!]));
    }
    // A run begins behind the last checkpoint of the run before.
    for (const run of losses.slice(1)) {
      const before = Math.min(...run.keys()) - 1;
      expect(before).toBeGreaterThan(0);
      expect(before % CHECKPOINT_EVERY).toBe(0);
    }
    expect(drifts.length).toBeGreaterThan(0);
    expect(drifts.every((step) => step > 200)).toBeTrue();
    const browser = await launchBrowser();
    try {
      const service = await Service.start(checkpoint);
      const found = await service.learnt(rows + 300);
      expectWhole(found);
      expect(found.drifts).toEqual(jasmine.arrayContaining([...drifts]));
      const answer = await fetch(`${service.address}predict`, {
        method: 'POST',
        body: JSON.stringify({ x: [0.1, 0.2, 0.3, 0.4] }),
      });
      expect(((await answer.json()) as { y: number }).y).toBeLessThan(4);
      const wrong = await fetch(`${service.address}predict`, { method: 'POST', body: '{"x": [1]}' });
      expect([wrong.status, await wrong.text()]).toEqual([400, jasmine.stringContaining('wanted 4 numbers')]);

      for (const [body, message] of [
        [`{"x": [${'0.1,'.repeat(5000)}0.1]}`, 'the request has more than 10000 bytes'],
        ['{"x": [1, 2, 3, 1e300]}', 'wanted 4 numbers'],
        ['null', 'x is undefined; wanted 4 numbers'],
      ] as const) {
        const refused = await fetch(`${service.address}predict`, { method: 'POST', body });
        expect([refused.status, await refused.text()]).toEqual([400, jasmine.stringContaining(message)]);
      }

      const { page, problems } = await newPage(browser);
      await page.goto(service.address);
      const shown = await until(
        () =>
          page.evaluate(() => ({
            steps: Number(document.getElementById('step')!.textContent.replace(',', '')),
            stages: [
              ...(document.querySelector('.rxtensor-inspector')?.shadowRoot?.querySelectorAll('.name') ?? []),
            ].map(({ textContent }) => textContent),
            isTooWide: document.documentElement.scrollWidth > innerWidth,
          })),
        'it shows steps and stages',
        ({ steps, stages }) => steps > 0 && stages.length > 4,
      );
      expect(shown.stages).toContain('trainStep');
      expect(shown.isTooWide).toBeFalse();
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
