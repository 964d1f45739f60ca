import type { ModelFiles } from './model-files';

/** Files that note what they give. @returns them, and what frees these bytes */
export function freedFiles(files: ModelFiles): { readonly files: ModelFiles; readonly free: () => void } {
  if (!files.givesBytes) return { files, free: () => undefined };
  const given: Uint8Array[] = [];
  const noted = async (read: Promise<Uint8Array>): Promise<Uint8Array> => {
    const bytes = await read;
    given.push(bytes);
    return bytes;
  };
  return {
    files: {
      ...files,
      readFirst: (onBytes) => noted(files.readFirst(onBytes)),
      read: (path, onBytes) => noted(files.read(path, onBytes)),
    },
    free: () => given.forEach(free),
  };
}

/**
 * Frees bytes at once. What lived as long as a file that comes is garbage that engines collect late; moved, it belongs to an object that the next
 * small collection finds.
 */
function free({ buffer, byteLength }: Uint8Array): void {
  // Others may see the rest of a longer buffer.
  if (byteLength > 0 && byteLength === buffer.byteLength)
    structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
}
