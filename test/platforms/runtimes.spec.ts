// The built library in runtimes that are not Node: a sum, a training, and one that goes on from a checkpoint in a file.
import { cp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { copyLibrary } from '../built-library';
import { bundledForProcess } from './bundle';
import { onPlatform } from './choice';
import { expected } from './expected';
import { command, installPackages } from './install';

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
      const { stdout } = await command(program, [...args, 'smoke.mjs'], { cwd: PROJECT });
      // The checkpoint of the tenth step is there; the other ten of the twenty come after it.
      expect(JSON.parse(stdout)).toEqual({ ...expected('cpu'), begun: 10, rest: 10 });
    });
  }
});
