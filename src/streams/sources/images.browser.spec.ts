import * as dl from 'rxtensor';
import { take, toArray, lastValueFrom, type Observable } from 'rxjs';
import { read, settle, until } from '../../../test/support/marbles';

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));

/** A picture of one colour, as a file. */
async function picture(colour: string, width = 2, height = 1, name = `${colour}.png`): Promise<File> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  return new File([await canvas.convertToBlob()], name);
}

describe('images', () => {
  it('emits pictures as int32 tensors, in order, and frees each after its emission', async () => {
    const files = await Promise.all([picture('red', 2, 1), picture('lime', 1, 2)]);
    const seen: dl.Tensor[] = [];
    const shapes: unknown[] = [];
    await dl.images(files).forEach((image) => {
      seen.push(image);
      shapes.push(image.shape, image.dtype, [...image.dataSync()]);
    });
    expect(shapes).toEqual([
      [1, 2, 3],
      'int32',
      [255, 0, 0, 255, 0, 0],
      [2, 1, 3],
      'int32',
      [0, 255, 0, 0, 255, 0],
    ]);
    expect(seen.every((image) => image.isDisposed)).toBeTrue();
  });

  it('takes addresses, and an empty list', async () => {
    const address = URL.createObjectURL(await picture('blue', 1, 1));
    try {
      const sources = [address, new URL(address)];
      expect(await all(dl.images(sources).pipe(read()))).toEqual([[[[0, 0, 255]]], [[[0, 0, 255]]]]);
    } finally {
      URL.revokeObjectURL(address);
    }
    expect(await all(dl.images([]))).toEqual([]);
  });

  it('takes bytes, responses, streams and iterables, compressed with gzip or not', async () => {
    const file = await picture('blue', 1, 1);
    const zipped = await new Response(file.stream().pipeThrough(new CompressionStream('gzip'))).blob();
    for (const each of [file, zipped]) {
      const buffer = await each.arrayBuffer();
      const bytes = new Uint8Array(buffer);
      async function* iterable(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
        yield bytes.subarray(0, 1);
        await settle(1);
        yield bytes.subarray(1);
      }
      const sources = [each, buffer, bytes, new Response(each), each.stream(), iterable()];
      expect(await all(dl.images(sources).pipe(read()))).toEqual(sources.map(() => [[[0, 0, 255]]]));
    }
    const broken = new Uint8Array(await zipped.slice(0, -6).arrayBuffer());
    await expectAsync(all(dl.images([broken]))).toBeRejected();
  });

  it('scales to a size, and gives the channels that are wanted', async () => {
    const files = await Promise.all([picture('red', 40, 30), picture('blue', 5, 9)]);
    const shapes: unknown[] = [];
    await dl
      .images(files, { size: [4, 6], channels: 4 })
      .pipe(dl.batch(2))
      .forEach((pair) => shapes.push(pair.shape, [...pair.dataSync().subarray(0, 4)]));
    expect(shapes).toEqual([
      [2, 4, 6, 4],
      [255, 0, 0, 255],
    ]);
  });

  it('decodes a few ahead of the one that is wanted, no more, and closes what nobody wants', async () => {
    const files = await Promise.all(['red', 'lime', 'blue', 'white', 'black'].map((each) => picture(each)));
    const asked: string[] = [];
    function* each(): Generator<File> {
      try {
        for (const file of files) {
          asked.push(file.name);
          yield file;
        }
      } finally {
        asked.push('closed');
      }
    }
    const closed = spyOn(ImageBitmap.prototype, 'close').and.callThrough();
    const rows = await all(dl.images(each(), { ahead: 2 }).pipe(take(1), read()));
    expect(rows.length).toBe(1);
    await until(() => closed.calls.count() === 2);
    await settle();
    expect(asked).toEqual(['red.png', 'lime.png', 'closed']);
    expect(closed).toHaveBeenCalledTimes(2);
  });

  it('keeps the order though one is slow, and names the one that fails in its turn', async () => {
    const [red, blue] = await Promise.all([picture('red', 1, 1), picture('blue', 1, 1)]);
    spyOn(globalThis, 'fetch').and.callFake(async (address) => {
      if (address === 'gone.png') return new Response('', { status: 404, statusText: 'Not Found' });
      await settle(5);
      return new Response(red);
    });
    const seen: unknown[] = [];
    await expectAsync(
      dl
        .images(['slow.png', blue, 'gone.png', red])
        .pipe(read())
        .forEach((image) => seen.push(image)),
    ).toBeRejectedWithError('images: gone.png could not be fetched: found status 404 Not Found; wanted 200');
    expect(seen).toEqual([[[[255, 0, 0]]], [[[0, 0, 255]]]]);
  });

  it('names one that cannot be decoded, or is no source', async () => {
    await expectAsync(all(dl.images([new File(['text'], 'notes.txt')]))).toBeRejectedWithError(
      /^images: notes\.txt \(image 1\) cannot be decoded: .*; wanted a format that the browser has/,
    );
    await expectAsync(all(dl.images([7 as never]))).toBeRejectedWithError(
      'images: the data (image 1) is number; wanted an address, a Blob, bytes or a stream',
    );
  });

  it('aborts what is being loaded when it is left', async () => {
    const signals: AbortSignal[] = [];
    spyOn(globalThis, 'fetch').and.callFake((_input, init) => {
      signals.push(init!.signal!);
      return new Promise(() => undefined);
    });
    const subscription = dl.images(['a.png', 'b.png', 'c.png'], { ahead: 2 }).subscribe();
    await settle();
    subscription.unsubscribe();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('refuses impossible options at once', () => {
    expect(() => dl.images('a.png')).toThrowError(
      "images: argument 'sources' is string; wanted an array of addresses or Blobs",
    );
    expect(() => dl.images(null as never)).toThrowError(/argument 'sources' is object/);
    expect(() => dl.images([], { ahead: 0 })).toThrowError(
      "images: option 'ahead' is 0; wanted a positive integer",
    );
    expect(() => dl.images([], { size: [0, 3] })).toThrowError(
      "images: option 'size' is [0,3]; wanted [height, width], positive integers",
    );
    expect(() => dl.images([], { channels: 5 })).toThrowError(
      "images: option 'channels' is 5; wanted an integer from 1 to 4",
    );
  });
});
