// The built library in runtimes that are not Node: a sum, a training, and one that goes on from a checkpoint in a file.
import { cp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { copyLibrary } from '../built-library';
import { bundledForProcess } from './bundle';
import { onPlatform } from './choice';
import { expected } from './expected';
import { command, installPackages } from './install';
import type { Smoke } from './smoke';

const RUNTIMES = 'test/runtimes';
const PROJECT = '.cache/runtimes';

/** How each runs a program. */
const runtimes: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
  Node: [process.execPath],
  Bun: [resolve(RUNTIMES, 'node_modules/.bin/bun'), 'run'],
  Deno: [resolve(RUNTIMES, 'node_modules/.bin/deno'), 'run', '--allow-all', '--no-lock'],
};

onPlatform('Bun and Deno', () => {
  beforeAll(async () => {
    await installPackages(RUNTIMES);
    // Puts the program of this machine, which is a package too, into its place.
    await command(process.execPath, ['install.js'], { cwd: join(RUNTIMES, 'node_modules/bun') });
    await rm(PROJECT, { recursive: true, force: true });
    const packages = join(PROJECT, 'node_modules');
    await mkdir(packages, { recursive: true });
    await copyLibrary(packages);
    for (const name of ['rxjs', 'tslib'])
      await cp(join('node_modules', name), join(packages, name), { recursive: true });
    await bundledForProcess('test/platforms/smoke-in-process.ts', join(PROJECT, 'smoke.mjs'));
  });

  for (const [name, [program, ...args]] of Object.entries(runtimes)) {
    it(`computes, trains and resumes from a file: ${name}`, async () => {
      await rm(join(PROJECT, 'line.checkpoint'), { force: true });
      const stepsOf = async (epochs: number): Promise<number> => {
        const { stdout } = await command(program, [...args, 'smoke.mjs', String(epochs)], { cwd: PROJECT });
        const { steps, ...smoke } = JSON.parse(stdout) as Smoke & { steps: number };
        expect(smoke).toEqual(expected('cpu'));
        return steps;
      };
      expect(await stepsOf(5)).toBe(10);
      // Another process goes on where that one ended.
      expect(await stepsOf(10)).toBe(10);
    });
  }
});
