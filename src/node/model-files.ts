import { readFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelFiles } from '../models';
import { described } from '../tensor/argument';

/**
 * The files of a model in a folder, for `loadGraphModel` and its like.
 *
 * @param path the path of the model's first file, such as `model.json`, or its address with `file:`
 * @throws (rejects, when the model is loaded) naming the file, when it cannot be read; for a path in the model that leads out of its folder
 *
 * @example
 * ```ts browser
 * import { loadGraphModel } from 'rxtensor/models';
 * import { modelFiles } from 'rxtensor/node';
 *
 * const model = await loadGraphModel(modelFiles('models/face/model.json'));
 * ```
 */
export function modelFiles(path: string | URL): ModelFiles {
  const operator = 'modelFiles';
  if (typeof path !== 'string' && !(path instanceof URL))
    throw new Error(
      `${operator}: argument 'path' is ${described(path)}; wanted a path, or an address with file:`,
    );
  const first = resolve(path instanceof URL || path.startsWith('file:') ? fileURLToPath(path) : path);
  const folder = dirname(first);
  const read = async (
    file: string,
    onBytes?: Parameters<ModelFiles['readFirst']>[0],
  ): Promise<Uint8Array> => {
    try {
      const bytes = await readFile(file);
      onBytes?.(bytes.length, bytes.length);
      return bytes;
    } catch (cause) {
      throw new Error(`${operator}: ${described(file)} cannot be read: ${String(cause)}`, { cause });
    }
  };
  return {
    givesBytes: true,
    name: String(path),
    readFirst: (onBytes) => read(first, onBytes),
    read: (name, onBytes) => {
      const file = resolve(folder, name);
      if (file.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return read(file, onBytes);
      return Promise.reject(
        new Error(
          `${operator}: the model needs ${described(name)}; wanted files in its folder ${described(folder)}`,
        ),
      );
    },
  };
}
