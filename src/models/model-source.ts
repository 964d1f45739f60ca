/** Where the files of a model come from. */
import { wrongArgument } from '../tensor/argument';
import { fetchedFiles } from './fetched-files';
import type { BytesListener, Fetching, ModelFiles } from './model-files';

/**
 * Where a model is: an address, the files that a person chose (the first is the one with which the format begins), the bytes of its only
 * file, or something that reads files.
 */
export type ModelSource = string | URL | readonly File[] | Blob | ArrayBuffer | Uint8Array | ModelFiles;

/** @throws for something that is no source */
export function filesOf(source: ModelSource, fetching: Fetching): ModelFiles {
  const { operator } = fetching;
  if (typeof source === 'string' || source instanceof URL) return fetchedFiles(String(source), fetching);
  if (Array.isArray(source)) return chosenFiles(source as readonly File[], operator);
  if (source instanceof Blob) return chosenFiles([source], operator);
  if (source instanceof Uint8Array || source instanceof ArrayBuffer)
    return chosenFiles([new Blob([source as BlobPart])], operator);
  if (typeof (source as Partial<ModelFiles> | null)?.readFirst === 'function') return source as ModelFiles;
  throw wrongArgument(
    operator,
    'source',
    source,
    'an address, files, bytes, or an object with readFirst and read',
  );
}

/** Bytes of a program have no name. */
const nameOf = (file: Blob): string => (file as Partial<File>).name ?? 'the bytes';

function chosenFiles(files: readonly Blob[], operator: string): ModelFiles {
  const [first] = files;
  if (!first || !files.every((file: unknown) => file instanceof Blob))
    throw wrongArgument(operator, 'source', files, "files, the model's own first");
  const bytesOf = async (file: Blob, onBytes?: BytesListener): Promise<Uint8Array> => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    onBytes?.(bytes.length, bytes.length);
    return bytes;
  };
  return {
    givesBytes: true,
    name: nameOf(first),
    readFirst: (onBytes) => bytesOf(first, onBytes),
    read: async (path, onBytes) => {
      const file = files.find((each) => nameOf(each) === path.split('/').at(-1));
      if (file) return bytesOf(file, onBytes);
      throw new Error(
        `${operator}: the model needs the file '${path}'; wanted it among the ${files.length} given`,
      );
    },
  };
}
