// Public models of all formats give on WebGL what they give on the CPU, where other specs compare them with their own runtimes.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ModelFiles } from 'rxtensor/models';
import { runInPage } from '../../scripts/run-in-page';
import { chosen } from './choice';
import { mediapipeModels } from './mediapipe';
import { fileOf, onnxModels } from './onnx-models';
import { layersModels, otherGraphModels } from './other-packages';
import { comparedNode, installModels, MODEL_PACKAGES, modelFiles, modelJson, modelNames } from './packages';
import type { OnWebGL, ServedModel } from './webgl-page';

installModels();

/** As far as WebGL may be off, relative to the greatest value of an output. */
const TOLERANCE = 1e-2;

interface PublicModel extends Pick<ServedModel, 'kind' | 'compared'> {
  readonly files: () => ModelFiles;
}

const bytesOf = (name: string, read: () => Uint8Array): ModelFiles => {
  const promised = (): Promise<Uint8Array> => Promise.resolve(read());
  return { name, readFirst: promised, read: promised };
};

/** Graph models whose sigmoids are compared at their logits, as the specs beside TensorFlow.js do. */
const nodesOf = (name: string): readonly string[] => {
  const { outputs = {} } = modelJson(name).signature ?? {};
  return Object.keys(outputs).map((output) => comparedNode(name, output));
};

const models = new Map<string, PublicModel>([
  ...modelNames().map((name): [string, PublicModel] => {
    const compared = nodesOf(name);
    return [
      name,
      { kind: 'graph', files: () => modelFiles(name), ...(compared.length > 0 ? { compared } : {}) },
    ];
  }),
  ...Object.entries(otherGraphModels).map(([name, files]): [string, PublicModel] => [
    name,
    { kind: 'graph', files },
  ]),
  ...[...new Set(onnxModels.map(({ path }) => path))].map((path): [string, PublicModel] => [
    fileOf({ path }),
    {
      kind: 'onnx',
      files: () => bytesOf(path, () => new Uint8Array(readFileSync(join(MODEL_PACKAGES, path)))),
    },
  ]),
  ...[...mediapipeModels()].map(([name, read]): [string, PublicModel] => [
    name,
    { kind: 'tflite', files: () => bytesOf(name, read) },
  ]),
  ...Object.entries(layersModels).map(([name, files]): [string, PublicModel] => [
    name,
    { kind: 'layers', files },
  ]),
]);

const names = chosen('public models on WebGL', [...models.keys()]);

describe('public models on WebGL', () => {
  let server: Server;
  let address = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://localhost');
      const files = models.get(decodeURIComponent(url.pathname.slice(1)))!.files();
      const path = url.searchParams.get('path')!;
      void (path === '' ? files.readFirst() : files.read(path)).then((bytes) => {
        // The page is of no site.
        response.setHeader('Access-Control-Allow-Origin', '*').end(bytes);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => server.close());

  for (const name of names) {
    it(`${name} gives what it gives on the CPU`, async () => {
      const { kind, compared } = models.get(name)!;
      const { distances, left } = await runInPage<OnWebGL>('test/models/webgl-page.ts', {
        address: `${address}/${encodeURIComponent(name)}`,
        name,
        kind,
        ...(compared ? { compared } : {}),
      } satisfies ServedModel);
      console.log(`${name}: ${distances.map((each) => each.toExponential(1)).join(', ')}`);
      expect(distances.length).toBeGreaterThan(0);
      for (const each of distances) expect(each).toBeLessThan(TOLERANCE);
      expect(left).toBe(0);
    });
  }
});
