import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const STEPS = 40;

/** Runs the training of test/killed-process; kills it when so many lines have come, and some time has passed. Gives the lines. */
async function run(
  file: string,
  kill?: { readonly lines: number; readonly milliseconds: number },
): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/killed-process/training.ts', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (lines.length === kill?.lines) setTimeout(() => child.kill('SIGKILL'), kill.milliseconds);
  });
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return lines;
}

describe('A training whose process is killed', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-killed-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('gives the losses of one that was not', async () => {
    const whole = await run(join(folder, 'whole'));
    expect(whole.map((line) => Number(line.split(' ')[0]))).toEqual(
      Array.from({ length: STEPS }, (_, i) => i + 1),
    );

    const file = join(folder, 'killed');
    const seen = new Map<string, string>();
    let last = 0;
    for (let life = 0; last < STEPS; life++) {
      // Six lines cannot come before the first write is through. Random moments: between writes and in the middle of them.
      const kill = { lines: 6 + Math.floor(6 * Math.random()), milliseconds: 20 * Math.random() };
      const lines = await run(file, life < 4 ? kill : undefined);
      for (const line of lines) {
        const [step = '', loss = ''] = line.split(' ');
        // A step that was lost with the process is taken once more, in the same way.
        if (seen.has(step)) expect(loss).withContext(`step ${step}`).toBe(seen.get(step)!);
        seen.set(step, loss);
        last = Number(step);
      }
      const [first = ''] = lines;
      if (life > 0)
        expect(Number(first.split(' ')[0]))
          .withContext(`life ${life}`)
          .toBeGreaterThan(1);
    }
    expect([...seen].map(([step, loss]) => `${step} ${loss}`)).toEqual(whole);
  });
});
