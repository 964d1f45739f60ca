import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command, installedPackage } from './support/installed-package';
import { expected, program, worker } from './support/package-program';

describe('the package, installed from its tarball, in Node', () => {
  let project: string;

  beforeAll(async () => {
    project = await installedPackage();
    await writeFile(join(project, 'program.js'), program);
    await writeFile(join(project, 'worker.js'), worker);
  });

  it('works, with one engine behind all entries', async () => {
    await writeFile(
      join(project, 'main.js'),
      [
        `import { Worker } from 'node:worker_threads';`,
        `import { run } from './program.js';`,
        `const makeWorker = () => new Worker(new URL('./worker.js', import.meta.url));`,
        `console.log(JSON.stringify(await run(makeWorker)));`,
      ].join('\n'),
    );
    expect(JSON.parse(command(project, process.execPath, 'main.js'))).toEqual(expected);
  });

  it('keeps checkpoints in files by its entry for Node', async () => {
    const lines = [
      `import { fileStore } from 'rxtensor/node';`,
      `const store = fileStore('run.checkpoint');`,
      `const before = await store.load();`,
      `await store.save(new Uint8Array([1, 2, 3]));`,
      `console.log(JSON.stringify([before, [...(await store.load())]]));`,
    ];
    await writeFile(join(project, 'store.js'), lines.join('\n'));
    expect(JSON.parse(command(project, process.execPath, 'store.js'))).toEqual([null, [1, 2, 3]]);
  });
});
