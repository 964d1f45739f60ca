/** Public models of other packages: of layers, and graphs. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ModelFiles } from 'rxtensor/models';

const PACKAGES = 'test/models/node_modules';

/** The models by name. Names of nsfwjs are folders of its bundles, others files. */
export const layersModels: Readonly<Record<string, () => ModelFiles>> = {
  'nsfwjs mobilenet_v2': () => bundled('mobilenet_v2'),
  'nsfwjs inception_v3': () => bundled('inception_v3'),
  '@upscalerjs/default-model': () => filesAt('@upscalerjs/default-model/models/model.json'),
  '@upscalerjs/esrgan-slim x2': () => filesAt('@upscalerjs/esrgan-slim/models/x2/model.json'),
  '@upscalerjs/esrgan-slim x3': () => filesAt('@upscalerjs/esrgan-slim/models/x3/model.json'),
  '@upscalerjs/esrgan-slim x4': () => filesAt('@upscalerjs/esrgan-slim/models/x4/model.json'),
  '@upscalerjs/esrgan-slim x8': () => filesAt('@upscalerjs/esrgan-slim/models/x8/model.json'),
};

const handtrack = ['320', '640'].flatMap((size) =>
  ['base', 'fp16', 'int8'].map((kind) => `ssd${size}fpnlite/${kind}`),
);

export const otherGraphModels: Readonly<Record<string, () => ModelFiles>> = {
  'nsfwjs mobilenet_v2_mid': () => bundled('mobilenet_v2_mid'),
  '@spotify/basic-pitch': () => filesAt('@spotify/basic-pitch/model/model.json'),
  ...Object.fromEntries(
    handtrack.map((name) => [
      `handtrackjs ${name}`,
      () => filesAt(`handtrackjs/models/webmodel/${name}/model.json`),
    ]),
  ),
};

function filesAt(path: string): ModelFiles {
  const bytesOf = (file: string): Promise<Uint8Array> =>
    Promise.resolve(new Uint8Array(readFileSync(join(PACKAGES, file))));
  const folder = path.slice(0, path.lastIndexOf('/'));
  return { name: path, readFirst: () => bytesOf(path), read: (file) => bytesOf(join(folder, file)) };
}

/** nsfwjs has its models in scripts: the JSON as an object, the weights in Base64. */
function bundled(name: string): ModelFiles {
  const require = createRequire(join(process.cwd(), 'test/models/packages.ts'));
  const load = (file: string): unknown =>
    require(join(process.cwd(), PACKAGES, `nsfwjs/dist/models/${name}/${file}.min.js`));
  return {
    name,
    readFirst: () => Promise.resolve(new TextEncoder().encode(JSON.stringify(load('model')))),
    read: (path) => Promise.resolve(new Uint8Array(Buffer.from(load(path) as string, 'base64'))),
  };
}
