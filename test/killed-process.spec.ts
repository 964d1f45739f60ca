import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { fileStore } from 'rxtensor/node';

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
      // The seventh line comes when the first write is through: the second, of step 6, waits for it. Random moments: between writes and in the middle of them.
      const kill = { lines: 7 + Math.floor(6 * Math.random()), milliseconds: 20 * Math.random() };
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

describe('A file store whose process is killed', () => {
  const KILLS = 40;
  const BYTES = 2 << 20;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-killed-'));
    await build({
      entryPoints: ['test/killed-process/saving.ts'],
      outfile: join(folder, 'saving.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Saves contents from number `first` on, until it is killed at a random moment of its second or a later write. Gives the last that was through. */
  async function saveUntilKilled(file: string, first: number): Promise<number> {
    const child = spawn(process.execPath, [join(folder, 'saving.mjs'), file, String(first)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let last = -1;
    createInterface({ input: child.stdout }).on('line', (line) => {
      last = Number(line);
      if (last === first) setTimeout(() => child.kill('SIGKILL'), 30 * Math.random());
    });
    await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    return last;
  }

  it('leaves a whole content: the last that was said to be through, or the next', async () => {
    const file = join(folder, 'run.checkpoint');
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const last = await saveUntilKilled(file, next);
      expect(last).toBeGreaterThanOrEqual(next);
      const content = await fileStore(file).load();
      expect(content!.length).withContext(`kill ${kill}`).toBe(BYTES);
      const found = content![0]!;
      expect([last % 256, (last + 1) % 256])
        .withContext(`kill ${kill}`)
        .toContain(found);
      expect(content!.every((byte) => byte === found))
        .withContext(`kill ${kill}`)
        .toBeTrue();
      next = last + 2;
    }
    // A store that saves in peace removes what the killed ones have left, once it is old.
    const left = (await readdir(folder)).filter((name) => name.endsWith('.tmp'));
    for (const name of left) await utimes(join(folder, name), 0, 0);
    await fileStore(file).save(new Uint8Array([1]));
    expect(await readdir(folder)).toEqual(['run.checkpoint', 'saving.mjs']);
  });
});
