import type { Observable } from 'rxjs';
import type { Tensor3D } from '../../tensor/tensor';
import { assertPositiveInteger } from '../checks/arguments';
import { pulled, pullOptions, type PullOptions, type Supply } from '../pulling/pull';
import { fetchFile, nameOfFile } from './fetched-file';
import { pixelOptions, type PixelOptions } from '../../tensor/ops/pixel-options';
import { pixelsOf } from '../../tensor/ops/pixels';
import { assertOptionValues, type OptionNames } from '../../tensor/options';

const name = 'images';

/**
 * Where an image is: an address, a file that a person chose, its bytes, or what can be read once: a response, a stream or an async iterable of bytes. Any of them may be compressed with
 * gzip.
 */
export type ImageSource =
  | string
  | URL
  | Blob
  | ArrayBuffer
  | Uint8Array<ArrayBuffer>
  | Response
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array<ArrayBuffer>>;

/** The form of the tensors of {@link images}, and how far ahead it loads. */
export interface ImagesOptions extends PullOptions, Omit<PixelOptions, 'antialias'> {
  /** The number of images that are loaded and decoded at once, ahead of the one to be emitted; 4 when left out. */
  readonly ahead?: number;
}

const { antialias: _, ...formOptions } = pixelOptions;
const imagesOptions: OptionNames<ImagesOptions> = { ...pullOptions, ...formOptions, ahead: 1 };

/**
 * A source of images, as int32 tensors [height, width, channels] from 0 to 255, or as the options say, in the order of `sources`. The browser decodes and scales them
 * outside of the page's thread, a few of them ahead; nothing is dropped. Unsubscribing aborts the loading.
 *
 * ```text
 *  images([a, b, c])    ----(loading)----A--B--C|
 * ```
 *
 * @param sources addresses, Files or Blobs: an array, the `files` of an input, a generator
 * @throws when an option is invalid; as error notifications, naming the image, when one cannot be loaded or decoded
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * const picture = document.createElement('canvas').toDataURL(); // or an address: 'cat.jpg'
 * dl.images([picture, picture], { size: [224, 224] })
 *   .pipe(dl.batch(2))
 *   .subscribe((pair) => console.log(pair.shape)); // [2, 224, 224, 3]
 * ```
 */
export function images(sources: Iterable<ImageSource>, options: ImagesOptions = {}): Observable<Tensor3D> {
  assertOptionValues<PixelOptions>(name, options, pixelOptions, imagesOptions as OptionNames<PixelOptions>);
  const { ahead = 4 } = options;
  if (
    typeof sources === 'string' ||
    typeof (sources as Partial<typeof sources> | null)?.[Symbol.iterator] !== 'function'
  )
    throw new Error(
      `${name}: argument 'sources' is ${typeof sources}; wanted an array of addresses or Blobs`,
    );
  assertPositiveInteger(name, "option 'ahead'", ahead);
  return pulled(name, () => decodedInOrder(sources, ahead, options), options);
}

function decodedInOrder(
  sources: Iterable<ImageSource>,
  ahead: number,
  options: ImagesOptions,
): Supply<Tensor3D> {
  const controller = new AbortController();
  const iterator = sources[Symbol.iterator]();
  let isOver = false;
  let count = 0;
  const decoding: Promise<Picture>[] = [];
  const fill = (): void => {
    while (!isOver && decoding.length < ahead) {
      const item = iterator.next();
      if (item.done) {
        isOver = true;
        return;
      }
      const picture = decoded(item.value, ++count, options, controller.signal);
      // A failure is handled in its turn, after the reads before it.
      picture.catch(() => undefined);
      decoding.push(picture);
    }
  };
  return {
    when: 'later',
    next: async () => {
      fill();
      const first = decoding.shift();
      if (!first) return { done: true, value: undefined };
      const { place, bitmap } = await first;
      try {
        return { done: false, value: pixelsOf(name, bitmap, { ...options, antialias: true }, place) };
      } finally {
        bitmap.close();
      }
    },
    close: () => {
      controller.abort();
      for (const each of decoding) each.then(({ bitmap }) => bitmap.close()).catch(() => undefined);
      if (!isOver) iterator.return?.();
    },
  };
}

interface Picture {
  /** For messages. */
  readonly place: string;
  readonly bitmap: ImageBitmap;
}

async function decoded(
  source: ImageSource,
  position: number,
  { size, crop, rotate = 0 }: ImagesOptions,
  signal: AbortSignal,
): Promise<Picture> {
  const place = `${nameOfFile(source)} (image ${position})`;
  // Before it is read: Node knows no relative addresses, which are paths there.
  if (typeof createImageBitmap !== 'function') {
    throw new Error(
      `${name}: there is no createImageBitmap here for ${place}; wanted a browser, or {values, shape} for batch()`,
    );
  }
  const blob = await blobOf(source, place, signal);
  const [resizeHeight, resizeWidth] = (rotate % 180 > 0 ? size && [size[1], size[0]] : size) ?? [];
  // A crop is in pixels of the picture itself: such a picture is scaled when it is cropped.
  const scaling = size && !crop ? ({ resizeHeight, resizeWidth, resizeQuality: 'high' } as const) : {};
  try {
    return { place, bitmap: await createImageBitmap(blob, scaling) };
  } catch (cause) {
    throw new Error(
      `${name}: ${place} cannot be decoded: ${String(cause)}; wanted a format that the browser has`,
      { cause },
    );
  }
}

async function blobOf(source: ImageSource, place: string, signal: AbortSignal): Promise<Blob> {
  let given: unknown = source;
  if (typeof source === 'string' || source instanceof URL)
    given = await fetchFile(source, { operator: name, signal });
  else if ((source as Partial<AsyncIterable<BlobPart>> | null)?.[Symbol.asyncIterator]) {
    const chunks: BlobPart[] = [];
    for await (const chunk of source as AsyncIterable<BlobPart>) chunks.push(chunk);
    given = new Blob(chunks);
  } else if (
    ![Blob, Response, ReadableStream, ArrayBuffer, Uint8Array].some((type) => source instanceof type)
  )
    throw new Error(`${name}: ${place} is ${typeof source}; wanted an address, a Blob, bytes or a stream`);
  const blob = await (given instanceof Response ? given : new Response(given as Blob)).blob();
  const head = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  // What gzip begins with (RFC 1952, section 2.3.1).
  if (String(head) !== '31,139') return blob;
  return new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).blob();
}
