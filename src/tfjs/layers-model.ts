import { loadLayersModel as loadModel, type LayersModel } from '../models';
import type { IOHandler } from './artifacts';
import type { LoadOptions } from './io';
import { sourceFiles } from './source-files';

/**
 * Loads a model of layers.
 *
 * @param source an address, or a handler such as `io.fromMemory(artifacts)`
 * @throws (rejects) as `loadLayersModel` of rxtensor/models does
 */
export async function loadLayersModel(
  source: string | IOHandler,
  options: LoadOptions = {},
): Promise<LayersModel> {
  const files = await sourceFiles('loadLayersModel', source, options);
  return loadModel(files, {
    onProgress: ({ bytes, total }) => {
      if (total) options.onProgress?.(bytes / total);
    },
  });
}
