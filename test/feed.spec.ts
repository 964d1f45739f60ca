import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../scripts/launch-browser';
import { newPage, until } from './example-pages';

interface State {
  readonly rows: number;
  readonly sumOfIds: number;
}

/** The service as a process of its own. */
class Service {
  private static readonly running = new Set<ChildProcess>();

  private constructor(
    private readonly process: ChildProcess,
    readonly address: string,
    /** How many rows the model had learnt when it started. */
    readonly before: number,
  ) {}

  static async start(checkpoint: string): Promise<Service> {
    const args = ['--import', 'tsx', 'examples/feed/main.ts', '--port', '0', '--rate', '4000'];
    const child = spawn(process.execPath, [...args, '--checkpoint', checkpoint], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    Service.running.add(child);
    child.once('exit', () => Service.running.delete(child));
    for await (const chunk of child.stdout) {
      const [, address, before] = /(http:\S+) .* learnt (\d+)/.exec(String(chunk)) ?? [];
      if (address) return new Service(child, address, Number(before));
    }
    throw new Error('the service did not start');
  }

  async state(): Promise<State> {
    return (await (await fetch(`${this.address}state`)).json()) as State;
  }

  /** Waits until it has learnt so many rows. */
  learnt(rows: number): Promise<State> {
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

/** The sum of the numbers of so many rows, if each was learnt once. */
const sumOf = (rows: number): number => (rows * (rows - 1)) / 2;

describe('the service that learns from a feed', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-feed-'));
  });

  afterEach(async () => {
    await Service.killAll();
    await rm(folder, { recursive: true });
  });

  it('loses no row and learns none twice, however often it is killed; and its page shows it', async () => {
    const checkpoint = join(folder, 'feed.checkpoint');
    let rows = 0;
    for (let run = 0; run < 3; run++) {
      const service = await Service.start(checkpoint);
      const first = await service.learnt(rows + 300);
      expect(first.sumOfIds).toBe(sumOf(first.rows));
      rows = first.rows;
      await service.kill();
    }
    const browser = await launchBrowser();
    try {
      const service = await Service.start(checkpoint);
      const { rows: now, sumOfIds } = await service.learnt(rows + 300);
      expect(sumOfIds).toBe(sumOf(now));
      const answer = await fetch(`${service.address}predict`, {
        method: 'POST',
        body: JSON.stringify({ x: [0.1, 0.2, 0.3, 0.4] }),
      });
      expect(((await answer.json()) as { y: number }).y).toBeLessThan(4);
      const wrong = await fetch(`${service.address}predict`, { method: 'POST', body: '{"x": [1]}' });
      expect([wrong.status, await wrong.text()]).toEqual([400, jasmine.stringContaining('wanted 4 numbers')]);

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
