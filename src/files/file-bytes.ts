import type { Observable } from 'rxjs';
import { pulled, pullOptions, type PullOptions } from '../streams/pulling/pull';
import { assertOptions } from '../tensor/options';
import { notRead, openFile, type FileSource } from './file';

/**
 * A source of the bytes of a file, in the chunks in which they come, for formats of your own. The file is opened anew for each subscription, decompressed if it begins
 * as gzip, and read as far as there is room; unsubscribing closes it.
 *
 * ```text
 *  fileBytes(file)    ----(opening)----bytes--bytes--bytes|
 * ```
 *
 * @param source as for {@link csv}
 * @throws (as error notifications) naming the file, when it cannot be read
 * @example
 * ```ts
 * import { fileBytes } from 'rxtensor/files';
 * fileBytes(new Blob(['abc'])).subscribe((bytes) => console.log(bytes.length)); // 3
 * ```
 */
export function fileBytes(source: FileSource, options: PullOptions = {}): Observable<Uint8Array> {
  const name = 'fileBytes';
  assertOptions<PullOptions>(name, options, pullOptions);
  return pulled<Uint8Array>(
    name,
    () => {
      const controller = new AbortController();
      let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
      return {
        when: 'later',
        next: async () => {
          reader ??= (
            await openFile(source, { operator: name, signal: controller.signal })
          ).stream.getReader();
          try {
            return await reader.read();
          } catch (cause) {
            throw notRead(name, source, cause);
          }
        },
        close: () => controller.abort(),
      };
    },
    options,
  );
}
