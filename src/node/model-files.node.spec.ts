import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as dl from 'rxtensor';
import { loadGraphModel } from 'rxtensor/models';
import { graphParts, node, placeholder, weight } from '../../test/support/graph-files';
import { modelFiles } from './model-files';

describe('modelFiles', () => {
  let folder: string;
  let path: string;
  const { json, bytes } = graphParts({
    nodes: [placeholder('x', [2]), node('y', 'Mul', 'x w')],
    weights: [weight('w', [3, 4])],
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-models-'));
    path = join(folder, 'model.json');
    await writeFile(path, JSON.stringify(json));
    await writeFile(join(folder, 'weights.bin'), bytes);
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('reads a model by a path and by an address', async () => {
    for (const given of [path, pathToFileURL(path), String(pathToFileURL(path))]) {
      const heard: unknown[] = [];
      const model = await loadGraphModel(modelFiles(given), {
        onProgress: (progress) => heard.push(progress),
      });
      const y = dl.tidy(() => model.predict(dl.tensor1d([1, 2])) as dl.Tensor);
      expect(await y.data()).toEqual(new Float32Array([3, 8]));
      expect(heard).toEqual([{ bytes: 8, total: 8 }]);
      y.dispose();
      model.dispose();
    }
  });

  it('names a file that is not there, and reads none outside of the folder', async () => {
    const { numTensors } = dl.memory();
    await expectAsync(loadGraphModel(modelFiles(join(folder, 'other.json')))).toBeRejectedWithError(
      /^modelFiles: '.*other\.json' cannot be read: .*ENOENT/,
    );
    await rm(join(folder, 'weights.bin'));
    await expectAsync(loadGraphModel(modelFiles(path))).toBeRejectedWithError(/weights\.bin' cannot be read/);
    await writeFile(
      path,
      JSON.stringify({ ...json, weightsManifest: [{ paths: ['../../secret'], weights: [] }] }),
    );
    await expectAsync(loadGraphModel(modelFiles(path))).toBeRejectedWithError(
      /^modelFiles: the model needs '\.\.\/\.\.\/secret'; wanted files in its folder/,
    );
    expect(dl.memory().numTensors).toBe(numTensors);
  });

  it('wants a path', () => {
    expect(() => modelFiles(3 as never)).toThrowError(
      "modelFiles: argument 'path' is 3; wanted a path, or an address with file:",
    );
  });

  it('is the cure that loadGraphModel names for a path', async () => {
    await expectAsync(loadGraphModel(path)).toBeRejectedWithError(
      /could not be fetched.*; for a file in Node, give modelFiles\(path\) of rxtensor\/node$/,
    );
    const model = await loadGraphModel(modelFiles(path));
    model.dispose();
  });
});
