import type { ModelFiles } from '../models';
import { wrongArgument } from '../tensor/argument';
import { artifactFiles, type IOHandler, type ModelArtifacts } from './artifacts';
import { fetchedModel, getLoadHandlers, type LoadOptions } from './io';

/** The files of a model, from an address or a handler. @throws (rejects) for something else */
export async function sourceFiles(
  operator: string,
  source: string | IOHandler,
  options: LoadOptions,
): Promise<ModelFiles> {
  const handler = typeof source === 'string' ? getLoadHandlers(source)[0] : source;
  if (typeof source === 'string' && !handler) return fetchedModel(operator, source, options);
  return artifactFiles(await loadedFrom(operator, handler));
}

async function loadedFrom(operator: string, handler: IOHandler | null | undefined): Promise<ModelArtifacts> {
  if (typeof handler?.load === 'function') return handler.load();
  throw wrongArgument(operator, 'source', handler, 'an address, or a handler with a function load');
}
