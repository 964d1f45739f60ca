/** Published packages that are made for TensorFlow.js, built as programs on it and on rxtensor/tfjs, with one alias in the bundler. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { blazefaceGraph, detectorGraph, mobilenetGraph, versionedParts } from './drop-in-graphs';
import { picture, tune } from './picture';
import type { GraphParts } from '../support/graph-files';

const CACHE = resolve('.cache/drop-in');
const MODULES = resolve('test/models/node_modules');
const require = createRequire(join(MODULES, 'none.js'));

/** What a run uses of `tf`, beside the package. */
export interface Library {
  readonly setBackend: (name: string) => Promise<boolean>;
  readonly memory: () => { numTensors: number };
  readonly env: () => { set: (name: string, value: unknown) => void };
  readonly tensor: (values: readonly number[], shape: readonly number[]) => unknown;
  readonly loadGraphModel: (address: string) => Promise<unknown>;
}

/** A package, and what is called of its API, once it is open. */
export interface Package {
  readonly name: string;
  /** What a program imports. */
  readonly module: string;
  readonly open: (
    used: never,
    tf: Library,
    address: string,
  ) => (() => Promise<unknown>) | Promise<() => Promise<unknown>>;
}

interface Predictions {
  classify: (picture: unknown, count?: number) => Promise<unknown>;
}

export const packages: readonly Package[] = [
  {
    name: '@tensorflow-models/mobilenet',
    module: '@tensorflow-models/mobilenet',
    open: async ({ load }: { load: (options: object) => Promise<Predictions> }, _tf, address) => {
      const model = await load({ version: 2, alpha: 1, modelUrl: `${address}/mobilenet/model.json` });
      return () => model.classify(picture(240, 180), 5);
    },
  },
  {
    name: '@tensorflow-models/blazeface',
    module: '@tensorflow-models/blazeface',
    open: async (
      {
        load,
      }: { load: (options: object) => Promise<{ estimateFaces: (...args: unknown[]) => Promise<unknown> }> },
      _tf,
      address,
    ) => {
      const model = await load({ modelUrl: `${address}/blazeface/model.json`, maxFaces: 5 });
      return async () => [
        await model.estimateFaces(picture(200, 160)),
        await model.estimateFaces(picture(200, 160), false, true),
      ];
    },
  },
  {
    name: '@tensorflow-models/coco-ssd',
    module: '@tensorflow-models/coco-ssd/dist/index.js',
    open: async (
      { load }: { load: (options: object) => Promise<{ detect: (...args: unknown[]) => Promise<unknown> }> },
      _tf,
      address,
    ) => {
      const model = await load({ modelUrl: `${address}/coco/model.json` });
      return () => model.detect(picture(120, 90), 10, 0.3);
    },
  },
  {
    name: '@tensorflow-models/knn-classifier',
    module: '@tensorflow-models/knn-classifier/dist/index.js',
    open: (
      {
        create,
      }: {
        create: () => {
          addExample: (example: unknown, label: string) => void;
          predictClass: (example: unknown, k: number) => Promise<unknown>;
          dispose: () => void;
        };
      },
      tf,
    ) => {
      return async () => {
        const classifier = create();
        const examples = [
          [1, 2, 3],
          [1, 2, 2],
          [3, 1, 0],
          [4, 1, 1],
        ].map((values) => tf.tensor(values, [3]) as { dispose: () => void });
        examples.forEach((example, i) => classifier.addExample(example, i < 2 ? 'a' : 'b'));
        const asked = tf.tensor([3, 2, 1], [3]) as { dispose: () => void };
        const found = await classifier.predictClass(asked, 3);
        classifier.dispose();
        for (const each of [...examples, asked]) each.dispose();
        return found;
      };
    },
  },
  {
    name: 'nsfwjs',
    module: 'nsfwjs',
    open: async ({ load }: { load: (name: string) => Promise<Predictions> }) => {
      const models = [await load('MobileNetV2Mid'), await load('MobileNetV2')];
      return () => Promise.all(models.map((model) => model.classify(picture(240, 180))));
    },
  },
  {
    name: 'handtrackjs',
    module: 'handtrackjs/src/index.js',
    open: async (
      { load }: { load: (options: object) => Promise<{ detect: (picture: unknown) => Promise<unknown> }> },
      _tf,
      address,
    ) => {
      const basePath = `${address}/node_modules/handtrackjs/models/webmodel/`;
      const model = await load({
        basePath,
        modelType: 'ssd320fpnlite',
        modelSize: 'small',
        scoreThreshold: 0.001,
      });
      return () => model.detect(picture(160, 120));
    },
  },
  {
    name: '@spotify/basic-pitch',
    module: '@spotify/basic-pitch/esm/inference.js',
    open: (
      {
        BasicPitch,
      }: {
        BasicPitch: new (address: string) => {
          evaluateModel: (samples: Float32Array, ...heard: ((...args: never[]) => void)[]) => Promise<void>;
        };
      },
      _tf,
      address,
    ) => {
      const model = new BasicPitch(`${address}/node_modules/@spotify/basic-pitch/model/model.json`);
      return async () => {
        const parts: unknown[] = [];
        await model.evaluateModel(
          tune(22_050),
          (...part) => parts.push(part),
          () => undefined,
        );
        return parts;
      };
    },
  },
];

/** Packages of TensorFlow.js, whose names are aliases of rxtensor/tfjs. */
const tensorFlow = /^@tensorflow\/tfjs(-core|-converter|-layers|-backend-\w+)?(\/dist\/.*)?$/;

/**
 * Builds a program that exports a package and `tf`.
 *
 * @param backend TensorFlow.js's backend, where the program is not ours
 */
export async function built(
  { name, module }: Package,
  isOurs: boolean,
  backend = 'backend-cpu',
): Promise<{ used: unknown; tf: Library }> {
  const file = join(CACHE, `${name.replaceAll('/', '-')}-${isOurs ? 'ours' : 'theirs'}`);
  const theirs = ['core', 'converter', 'layers', backend].map(
    (part) => `export * from '@tensorflow/tfjs-${part}';`,
  );
  const chained = "import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';";
  writeFileSync(`${file}.theirs.js`, [chained, ...theirs].join('\n'));
  writeFileSync(
    `${file}.entry.js`,
    `export * as used from '${module}'; export * as tf from '${isOurs ? resolve('src/tfjs/index.ts') : `${file}.theirs.js`}';`,
  );
  await build({
    entryPoints: [`${file}.entry.js`],
    outfile: `${file}.mjs`,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    nodePaths: [MODULES],
    external: ['buffer', 'node:*'],
    // Packages of TensorFlow.js call `require` of Node's modules where there is a Node.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
    plugins: [
      {
        name: 'alias',
        setup: ({ onResolve }) => {
          onResolve({ filter: tensorFlow }, ({ path }) => {
            if (isOurs) return { path: resolve('src/tfjs/index.ts') };
            if (path === '@tensorflow/tfjs') return { path: `${file}.theirs.js` };
            // A package may have brought an old one. The modules, not the bundle for Node: with both, there would be two classes of tensors.
            if (path.includes('/dist/')) return { path: require.resolve(path) };
            const { module: entry } = require(`${path}/package.json`) as { module: string };
            return { path: join(MODULES, path, entry) };
          });
        },
      },
    ],
  });
  return (await import(pathToFileURL(`${file}.mjs`).href)) as { used: unknown; tf: Library };
}

/** Serves the files of the packages. Where a package loads its model from a site, a small model of the same form stands for it. */
export async function servePackages(): Promise<{ readonly address: string; close(): void }> {
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const made: Readonly<Record<string, GraphParts>> = {
    mobilenet: versionedParts(mobilenetGraph),
    blazeface: versionedParts(blazefaceGraph),
    coco: versionedParts(detectorGraph),
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://host').pathname).trim();
    const [, first = '', ...rest] = path.split('/');
    const parts = made[first];
    if (parts) response.end(rest[0] === 'model.json' ? JSON.stringify(parts.json) : Buffer.from(parts.bytes));
    else if (first === 'node_modules' && !path.includes('..'))
      response.end(readFileSync(join(MODULES, ...rest)));
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
