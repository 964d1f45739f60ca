import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { fileStore } from 'rxtensor/node';
import { numbers } from './support/reference';
import { testRun } from './support/test-run';

const runSeed = testRun().seed ?? 1;

/** A script of test/killed-process that trains, and says `step loss …` of each step. */
interface Training {
  readonly name: string;
  readonly script: string;
  readonly steps: number;
  /** What must hold for the lines of a run that was not killed. */
  readonly check?: (lines: readonly (readonly number[])[]) => void;
}

const trainings: readonly Training[] = [
  { name: 'on arrays', script: 'training', steps: 40 },
  {
    name: 'on a CSV file that is standardised, shuffled and batched, in two epochs',
    script: 'table-training',
    steps: 40,
    // No row twice, and none lost: 0 + 1 + … + 199 in each epoch.
    check: (lines) => expect(lines.reduce((sum, [, , ids = NaN]) => sum + ids, 0)).toBe(2 * 19_900),
  },
];

/** Runs a bundled script; kills it when so many lines have come, and some time has passed. Gives the lines. */
async function run(
  script: string,
  file: string,
  kill?: { readonly lines: number; readonly milliseconds: number },
): Promise<string[]> {
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (lines.length === kill?.lines) setTimeout(() => child.kill('SIGKILL'), kill.milliseconds);
  });
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return lines;
}

/** Bundles a script of test/killed-process into a folder. Gives its path. */
async function bundled(script: string, folder: string): Promise<string> {
  const outfile = join(folder, `${script}.mjs`);
  await build({
    entryPoints: [`test/killed-process/${script}.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  return outfile;
}

describe('A training whose process is killed', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-killed-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  for (const { name, script, steps, check } of trainings) {
    it(`gives the losses of one that was not, ${name}`, async () => {
      const path = await bundled(script, folder);
      const whole = await run(path, join(folder, `${script}-whole`));
      const numbersIn = whole.map((line) => line.split(' ').map(Number));
      expect(numbersIn.map(([step]) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
      check?.(numbersIn);

      const file = join(folder, `${script}-killed`);
      const next = numbers(runSeed);
      const seen = new Map<string, string>();
      let last = 0;
      for (let life = 0; last < steps; life++) {
        const because = `life ${life}, seed ${runSeed}`;
        // The seventh line comes when the first write is through: the second, of step 6, waits for it. Random moments: between writes and in the middle of them.
        const kill = { lines: 7 + Math.floor(6 * next()), milliseconds: 20 * next() };
        const lines = await run(path, file, life < 6 ? kill : undefined);
        for (const line of lines) {
          const [step = '', ...found] = line.split(' ');
          // A step that was lost with the process is taken once more, in the same way.
          if (seen.has(step))
            expect(found.join(' ')).withContext(`step ${step}, ${because}`).toBe(seen.get(step)!);
          seen.set(step, found.join(' '));
          last = Number(step);
        }
        const [first = ''] = lines;
        if (life > 0)
          expect(Number(first.split(' ')[0]))
            .withContext(because)
            .toBeGreaterThan(1);
      }
      expect([...seen].map(([step, found]) => `${step} ${found}`))
        .withContext(`seed ${runSeed}`)
        .toEqual(whole);
    });
  }
});

describe('A file store whose process is killed', () => {
  const KILLS = 40;
  const BYTES = 2 << 20;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-killed-'));
    await bundled('saving', folder);
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
