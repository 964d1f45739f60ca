import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('is not misled by what a killed program has left of a write', async () => {
    const store = fileStore(path);
    await store.save(new Uint8Array([1, 2, 3]));
    await writeFile(`${path}.tmp`, new Uint8Array([9]));
    expect(Array.from((await store.load())!)).toEqual([1, 2, 3]);
    await store.save(new Uint8Array([7]));
    expect(await readdir(folder)).toEqual(['run.checkpoint']);
  });

  it('leaves the file as it was when it cannot be written', async () => {
    const store = fileStore(path);
    await store.save(new Uint8Array([1]));
    await mkdir(`${path}.tmp`);
    await expectAsync(store.save(new Uint8Array([2]))).toBeRejectedWithError(/EISDIR/);
    expect(Array.from((await store.load())!)).toEqual([1]);
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
      new RegExp(`^resume: the file ${folder} could not be read: .*EISDIR`),
    );
    expect(() => fileStore('')).toThrowError(`fileStore: argument 'path' is ""; wanted the path of a file`);
  });
});
