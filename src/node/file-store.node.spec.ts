import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { take } from 'rxjs';
import * as dl from 'rxtensor';
import { fileStore } from './file-store';

describe('fileStore', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-file-store-'));
    path = join(folder, 'run.checkpoint');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('keeps what was saved last in the file, and nothing beside it', async () => {
    const store = fileStore(path);
    expect(await store.load()).toBeNull();
    await store.save(new Uint8Array([1, 2, 3]));
    await store.save(new Uint8Array([4, 5]));
    expect(Array.from((await store.load())!)).toEqual([4, 5]);
    expect(Array.from(await readFile(path))).toEqual([4, 5]);
    expect(await readdir(folder)).toEqual(['run.checkpoint']);
  });

  it('loads what is being saved, by whichever store of the program', async () => {
    const saving = fileStore(path).save(new Uint8Array(1_000_000).fill(1));
    const another = fileStore(path);
    expect((await another.load())?.length).toBe(1_000_000);
    await saving;
    const last = another.save(new Uint8Array([2]));
    void fileStore(path).save(new Uint8Array([3]));
    expect(Array.from((await another.load())!)).toEqual([3]);
    await last;
  });

  it('has the last step of a run that was left just now', async () => {
    const slope = dl.variable(1, true, 'slope');
    const adam = dl.train.adam(0.1);
    const run = (steps: number): Promise<readonly number[]> => {
      const positions: number[] = [];
      return new Promise((resolve, reject) =>
        dl
          .resume(fileStore(path), adam, ({ position }) => {
            positions.push(position);
            return dl.examples({ x: [1, 2, 3, 4] }, { startAt: position }).pipe(
              dl.batch(1),
              dl.trainStep(adam, ({ x }) => slope.sub(x).square().mean()),
              dl.checkpoint({ every: 1, store: fileStore(path) }),
              dl.download(),
              take(steps),
            );
          })
          .subscribe({ error: reject, complete: () => resolve(positions) }),
      );
    };
    expect(await run(2)).toEqual([0]);
    // The second checkpoint was begun, or not: whoever leaves at once does not wait for it.
    expect((await run(1))[0]).toBeGreaterThan(0);
    await fileStore(path).load();
    dl.dispose(slope);
    adam.dispose();
  });

  it('follows no link that was planted under the old name of its temporary file', async () => {
    const victim = join(folder, 'victim');
    await writeFile(victim, 'precious');
    await symlink(victim, `${path}.tmp`);
    await fileStore(path).save(new Uint8Array([1]));
    expect(await readFile(victim, 'utf8')).toBe('precious');
    expect((await readdir(folder)).sort()).toEqual(['run.checkpoint', 'run.checkpoint.tmp', 'victim']);
  });

  it('removes what killed programs have left of a write, and nothing that may be under way', async () => {
    const names = ['0123456789ab', 'ba9876543210'].map((each) => `run.checkpoint.${each}.tmp`);
    for (const name of [...names, 'run.checkpoint.mine.tmp', 'other.0123456789ab.tmp']) {
      await writeFile(join(folder, name), 'half');
    }
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    for (const name of await readdir(folder)) {
      if (name !== names[1]) await utimes(join(folder, name), longAgo, longAgo);
    }
    const store = fileStore(path);
    await store.save(new Uint8Array([1]));
    expect((await readdir(folder)).sort()).toEqual(
      ['run.checkpoint', names[1]!, 'run.checkpoint.mine.tmp', 'other.0123456789ab.tmp'].sort(),
    );
  });

  it('writes what a link leads to, and the link stays', async () => {
    await mkdir(join(folder, 'disk'));
    await symlink('disk/second', join(folder, 'first'));
    await symlink('first', path);
    // A link that leads nowhere yet, then one to a file.
    for (const content of [1, 2]) {
      await fileStore(path).save(new Uint8Array([content]));
      expect(Array.from(await readFile(join(folder, 'disk/second')))).toEqual([content]);
      expect(await readlink(path)).toBe('first');
      expect(await readdir(join(folder, 'disk'))).toEqual(['second']);
      expect((await readdir(folder)).sort()).toEqual(['disk', 'first', 'run.checkpoint']);
    }
    const circle = join(folder, 'circle');
    await symlink('circle', circle);
    await expectAsync(fileStore(circle).save(new Uint8Array([1]))).toBeRejectedWithError(
      /leads to itself|ELOOP/,
    );
  });

  it('keeps the permissions of the file, and takes those of the program for a new one', async () => {
    const modeOf = async (): Promise<number> => (await stat(path)).mode & 0o777;
    const umask = process.umask(0o022);
    try {
      await fileStore(path).save(new Uint8Array([1]));
      expect(await modeOf()).toBe(0o644);
      for (const mode of [0o600, 0o640, 0o666, 0o400]) {
        await chmod(path, mode);
        await fileStore(path).save(new Uint8Array([2]));
        expect(await modeOf()).toBe(mode);
      }
    } finally {
      process.umask(umask);
    }
  });

  it('never fails or mixes up contents when many save at once', async () => {
    const contentOf = (round: number, writer: number): Uint8Array =>
      new Uint8Array(1000 + 100 * writer).fill((round + writer) % 251);
    const shared = fileStore(path);
    for (let round = 0; round < 300; round++) {
      const stores = [shared, shared, fileStore(path), fileStore(path)];
      const load = fileStore(path).load();
      await Promise.all(stores.map((store, writer) => store.save(contentOf(round, writer))));
      const whole = [0, 1, 2, 3].map((writer) => [...contentOf(round, writer)].join());
      const found = [...(await shared.load())!].join();
      // The second save of one store comes after its first.
      expect(whole.slice(1)).withContext(`round ${round}`).toContain(found);
      const before = [...((await load) ?? [])].join();
      const known = [0, 1, 2, 3].map((writer) => [...contentOf(round - 1, writer)].join());
      if (round > 0) expect([...known, ...whole]).toContain(before);
      expect(await readdir(folder)).toEqual(['run.checkpoint']);
    }
  });

  it('leaves the file as it was, and nothing beside it, when it cannot be written', async () => {
    const store = fileStore(path);
    await store.save(new Uint8Array([1]));
    const failures: readonly [string, unknown][] = [
      ['bytes that are none', { byteLength: 3 }],
      ['no bytes', undefined],
    ];
    for (const [name, bytes] of failures) {
      await expectAsync(store.save(bytes as Uint8Array))
        .withContext(name)
        .toBeRejected();
      expect(Array.from((await store.load())!)).toEqual([1]);
      expect(await readdir(folder)).toEqual(['run.checkpoint']);
    }
    // A save after one that failed.
    await store.save(new Uint8Array([2]));
    expect(Array.from((await store.load())!)).toEqual([2]);

    await expectAsync(fileStore(folder).save(new Uint8Array([1]))).toBeRejectedWithError(
      `fileStore: ${folder} is a folder; wanted the path of a file`,
    );
    await expectAsync(fileStore('/dev/zero').load()).toBeRejectedWithError(
      'fileStore: /dev/zero is a device, a pipe or a socket; wanted the path of a file',
    );
    await expectAsync(fileStore('/dev/null').save(new Uint8Array([1]))).toBeRejectedWithError(
      'fileStore: /dev/null is a device, a pipe or a socket; wanted the path of a file',
    );
    await expectAsync(
      fileStore(join(folder, 'missing', 'run')).save(new Uint8Array([1])),
    ).toBeRejectedWithError(/ENOENT/);
  });

  it('removes its temporary file when the move fails', async () => {
    const target = join(folder, 'becomes a folder');
    const saving = fileStore(target).save(new Uint8Array(1 << 20));
    const made = mkdir(target).then(() => writeFile(join(target, 'x'), ''));
    await expectAsync(saving).toBeRejectedWithError(/is a folder|EISDIR|ENOTEMPTY|ENOTDIR|EEXIST/);
    await made;
    expect(await readdir(folder)).toEqual(['becomes a folder']);
  });

  it('is named in errors', async () => {
    const read = (stored: dl.CheckpointStore): Promise<void> =>
      dl.resume(stored, dl.train.sgd(0.1), () => []).forEach(() => undefined);
    await writeFile(path, 'rxtensor, cut');
    await expectAsync(read(fileStore(path))).toBeRejectedWithError(
      `resume: the file ${path} holds a checkpoint that is cut short: found 13 bytes; wanted 24`,
    );
    await writeFile(path, 'something else');
    await expectAsync(read(fileStore(path))).toBeRejectedWithError(
      `resume: the file ${path} holds no checkpoint: it begins with 'somethin'; wanted 'rxtensor'`,
    );
    await expectAsync(read(fileStore(folder))).toBeRejectedWithError(
      `resume: the file ${folder} could not be read: Error: fileStore: ${folder} is a folder; wanted the path of a file`,
    );
    expect(() => fileStore('')).toThrowError(`fileStore: argument 'path' is ""; wanted the path of a file`);
  });
});
