import * as dl from 'rxtensor';
import { decodedFrames, mediaFrames, timeOf, videoFile } from 'rxtensor/vision';
import { take, tap, type Observable } from 'rxjs';
import { settle, until } from '../../../test/support/marbles';

/** Pictures of 16 × 12, each of a shade of its own. */
function shaded(shade: number, timestamp: number): VideoFrame {
  const canvas = new OffscreenCanvas(16, 12);
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = `rgb(${shade}, ${shade}, ${shade})`;
  pen.fillRect(0, 0, 16, 12);
  return new VideoFrame(canvas, { timestamp });
}

async function encoded(shades: readonly number[]): Promise<EncodedVideoChunk[]> {
  const chunks: EncodedVideoChunk[] = [];
  const encoder = new VideoEncoder({ output: (chunk) => chunks.push(chunk), error: fail });
  encoder.configure({ codec: 'vp8', width: 16, height: 12, bitrate: 1_000_000 });
  for (const [i, shade] of shades.entries()) {
    const frame = shaded(shade, 40_000 * i);
    encoder.encode(frame);
    frame.close();
  }
  await encoder.flush();
  encoder.close();
  return chunks;
}

const errorOf = async (stream: Observable<unknown>): Promise<string> => {
  try {
    await stream.forEach(() => undefined);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

const meanOf = async (frame: dl.Tensor): Promise<number> => {
  const mean = dl.tidy(() => frame.toFloat().mean());
  const [value] = await mean.data();
  mean.dispose();
  return value!;
};

describe('decodedFrames', () => {
  it('gives every picture, in order, with its time in the film', async () => {
    const shades = [10, 60, 110, 160, 210, 30, 80, 130];
    const means: number[] = [];
    const times: number[] = [];
    await decodedFrames(await encoded(shades), { codec: 'vp8' })
      .pipe(dl.mapTensorAsync(meanOf))
      .forEach((mean) => {
        means.push(mean);
        times.push(timeOf()!.media);
      });
    expect(means.length).toBe(shades.length);
    for (const [i, mean] of means.entries()) expect(Math.abs(mean - shades[i]!)).toBeLessThan(6);
    shades.forEach((_, i) => expect(times[i]).toBeCloseTo(0.04 * i, 6));
  });

  it('asks for chunks as far as there is room, and gives back its iterator', async () => {
    const chunks = await encoded(Array.from({ length: 40 }, (_, i) => 5 * i));
    let asked = 0;
    let isGivenBack = false;
    async function* source(): AsyncGenerator<EncodedVideoChunk> {
      try {
        for (const chunk of chunks) {
          asked++;
          yield await Promise.resolve(chunk);
        }
      } finally {
        isGivenBack = true;
      }
    }
    await decodedFrames(source(), { codec: 'vp8' }, { inFlight: 1 })
      .pipe(take(2))
      .forEach(() => undefined);
    expect(asked).toBeLessThan(20);
    await until(() => isGivenBack);
  });

  it('tells of a codec that is not known, and of a chunk that cannot be decoded', async () => {
    expect(await errorOf(decodedFrames([], { codec: 'vp08.99.99.99' }))).toBe(
      "decodedFrames: this browser does not decode 'vp08.99.99.99'; wanted a codec that it knows, as 'vp8'",
    );
    // Without the picture before it, this one cannot be decoded.
    const damaged = [new EncodedVideoChunk({ type: 'delta', timestamp: 0, data: new Uint8Array(64) })];
    expect(await errorOf(decodedFrames(damaged, { codec: 'vp8' }))).toMatch(
      /^decodedFrames: the film cannot be decoded/,
    );
  });
});

describe('the frames of decodedFrames', () => {
  const Decoder = globalThis.VideoDecoder;
  let frames: VideoFrame[];
  let decoders: VideoDecoder[];
  let bitmaps: { made: number; closed: number };
  const makeBitmap = globalThis.createImageBitmap;

  beforeEach(() => {
    frames = [];
    decoders = [];
    bitmaps = { made: 0, closed: 0 };
    globalThis.VideoDecoder = class extends Decoder {
      constructor({ output, error }: VideoDecoderInit) {
        const noting = (frame: VideoFrame): void => {
          frames.push(frame);
          output(frame);
        };
        super({ output: noting, error });
        decoders.push(this);
      }
    };
    globalThis.createImageBitmap = async (source: ImageBitmapSource) => {
      const bitmap = await makeBitmap(source);
      bitmaps.made++;
      const close = bitmap.close.bind(bitmap);
      bitmap.close = () => {
        bitmaps.closed++;
        close();
      };
      return bitmap;
    };
  });

  afterEach(() => {
    globalThis.VideoDecoder = Decoder;
    globalThis.createImageBitmap = makeBitmap;
  });

  const areClosed = (): boolean =>
    frames.every(({ format }) => format === null) && bitmaps.made === bitmaps.closed;
  const states = (): string[] => decoders.map(({ state }) => state);
  const forms = [{}, { read: false }] as const;
  const film = (count: number): Promise<EncodedVideoChunk[]> =>
    encoded(Array.from({ length: count }, (_, i) => 20 * i));

  it('may be left unread: all of them come, open while they are in use, with their times', async () => {
    const shades = [10, 60, 110, 160, 210, 30];
    const seen: (readonly [number, number])[] = [];
    await decodedFrames(await encoded(shades), { codec: 'vp8' }, { read: false })
      .pipe(
        dl.mapTensorAsync(async (frame) => {
          await settle();
          const pixels = dl.fromPixels(frame);
          const mean = await meanOf(pixels);
          pixels.dispose();
          return mean;
        }),
      )
      .forEach((mean) => seen.push([mean, timeOf()!.media]));
    expect(seen.length).toBe(shades.length);
    seen.forEach(([mean, time], i) => {
      expect(Math.abs(mean - shades[i]!)).toBeLessThan(6);
      expect(time).toBeCloseTo(0.04 * i, 6);
    });
    await until(areClosed);
    expect(bitmaps.made).toBe(dl.getBackend() === 'cpu' ? shades.length : 0);
    expect(states()).toEqual(['closed']);
  });

  it('come as soon as they are decoded, however long the next chunk takes', async () => {
    const chunks = await film(6);
    async function* source(): AsyncGenerator<EncodedVideoChunk> {
      yield* chunks.slice(0, 3);
      await new Promise<never>(() => undefined);
    }
    for (const form of forms) {
      let seen = 0;
      const subscription = decodedFrames(source(), { codec: 'vp8' }, form as { read: false }).subscribe(
        () => seen++,
      );
      await until(() => seen === 3);
      subscription.unsubscribe();
      await until(areClosed);
    }
  });

  it('are closed, with their decoder, as soon as they are left, though no chunk comes', async () => {
    const chunks = await film(12);
    for (const form of forms)
      for (let turns = 0; turns < 16; turns++) {
        let hasReturned = false;
        const left = chunks.slice();
        // By hand: its return() does not wait for the chunk that is asked for.
        const source: AsyncIterable<EncodedVideoChunk> = {
          [Symbol.asyncIterator]: () => ({
            next: () => {
              const value = left.shift();
              return value ? Promise.resolve({ done: false, value }) : new Promise<never>(() => undefined);
            },
            return: () => {
              hasReturned = true;
              return Promise.resolve({ done: true, value: undefined });
            },
          }),
        };
        let seen = 0;
        const before = decoders.length;
        const subscription = decodedFrames(source, { codec: 'vp8' }, { ...form, inFlight: 1 } as {
          read: false;
        })
          .pipe(dl.mapTensorAsync(() => new Promise<void>((resolve) => setTimeout(resolve))))
          .subscribe(() => seen++);
        await until(() => seen > 1);
        for (let i = 0; i < turns; i++) await Promise.resolve();
        subscription.unsubscribe();
        expect(decoders[before]!.state).withContext(`left after ${turns} turns`).toBe('closed');
        expect(hasReturned).toBe(true);
        await until(areClosed);
      }
  });

  it('are closed when a subscriber fails, and when the chunks do', async () => {
    const chunks = await film(6);
    async function* failing(): AsyncGenerator<EncodedVideoChunk> {
      yield* chunks;
      await Promise.resolve();
      throw new Error('the network broke off');
    }
    for (const form of forms) {
      const broken = decodedFrames(chunks, { codec: 'vp8' }, form as { read: false }).pipe(
        dl.mapTensor(() => {
          throw new Error('broken');
        }),
      );
      expect(await errorOf(broken)).toBe('broken');
      await until(areClosed);
      expect(states().at(-1)).toBe('closed');
      let seen = 0;
      const cut = decodedFrames(failing(), { codec: 'vp8' }, form as { read: false }).pipe(tap(() => seen++));
      expect(await errorOf(cut)).toBe('the network broke off');
      expect(seen).toBeGreaterThan(0);
      await until(areClosed);
      expect(states().at(-1)).toBe('closed');
    }
  });

  it('have no form while they are unread', () => {
    expect(() => decodedFrames([], { codec: 'vp8' }, { read: false, size: [2, 2] } as never)).toThrowError(
      /^decodedFrames: option 'size' says how tensors are made/,
    );
    expect(() => decodedFrames([], { codec: 'vp8' }, { onDrop: () => undefined } as never)).toThrowError(
      /^decodedFrames: there is no option 'onDrop'/,
    );
  });
});

describe('mediaFrames', () => {
  it('gives the frames of a stream, closes all of them, and ends with it', async () => {
    const frames = [10, 60, 110].map((shade, i) => shaded(shade, 1_000_000 * i));
    let pulledSoFar = 0;
    const stream = new ReadableStream<VideoFrame>({
      pull: async (controller) => {
        const next = frames[pulledSoFar++];
        await settle();
        if (next) controller.enqueue(next);
        else controller.close();
      },
    });
    const seen: unknown[] = [];
    await mediaFrames(stream).forEach((frame) => seen.push([frame.shape, timeOf()!.media]));
    expect(seen.at(-1)).toEqual([[12, 16, 3], 2]);
    expect(frames.map(({ format }) => format)).toEqual([null, null, null]);
  });

  it('reads a track, and leaves it to its owner', async () => {
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d')!;
    const timer = setInterval(() => pen.fillRect(200 * Math.random(), 0, 5, 5), 10);
    const [track] = canvas.captureStream().getVideoTracks();
    const shapes: unknown[] = [];
    await mediaFrames(track!, { size: [4, 4] })
      .pipe(take(2))
      .forEach((frame) => shapes.push(frame.shape));
    clearInterval(timer);
    expect(shapes).toEqual([
      [4, 4, 3],
      [4, 4, 3],
    ]);
    expect(track!.readyState).toBe('live');
    track!.stop();
  });
});

describe('videoFile', () => {
  /** Some pictures of a canvas, as a file. */
  async function recorded(): Promise<Blob> {
    let drawn = 0;
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: 32, height: 24 });
    const pen = canvas.getContext('2d')!;
    const timer = setInterval(() => {
      pen.fillRect(32 * Math.random(), 0, 5, 5);
      drawn++;
    }, 20);
    const stream = canvas.captureStream();
    const recorder = new MediaRecorder(stream, { mimeType: 'video/webm' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const end = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    const from = drawn;
    await until(() => drawn > from + 30);
    recorder.stop();
    await end;
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    return new Blob(parts, { type: 'video/webm' });
  }

  it('plays a file to its end, each time from its beginning', async () => {
    const frames = videoFile(await recorded(), { channels: 1 });
    for (const _ of [1, 2]) {
      const seen: unknown[] = [];
      const times: number[] = [];
      await frames.forEach((frame) => {
        seen.push(frame.shape);
        times.push(timeOf()!.media);
      });
      expect(seen.length).toBeGreaterThan(1);
      expect(seen[0]).toEqual([24, 32, 1]);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it('frees the video of the page when it is left', async () => {
    const preview = document.createElement('video');
    const revoke = spyOn(URL, 'revokeObjectURL').and.callThrough();
    await videoFile(await recorded(), { preview, loop: true })
      .pipe(take(1))
      .forEach(() => expect(preview.loop).toBeTrue());
    expect(preview.hasAttribute('src')).toBeFalse();
    expect(revoke).toHaveBeenCalledTimes(1);
  });

  it('gives bitmaps that are closed when they are finished, where they are not read', async () => {
    const film = await recorded();
    const make = globalThis.createImageBitmap;
    const bitmaps: ImageBitmap[] = [];
    globalThis.createImageBitmap = async (source: ImageBitmapSource) => {
      const bitmap = await make(source);
      bitmaps.push(bitmap);
      return bitmap;
    };
    try {
      const sizes: unknown[] = [];
      const times: number[] = [];
      const preview = document.createElement('video');
      await videoFile(film, { read: false, preview, inFlight: 1 })
        .pipe(
          dl.mapTensorAsync(async (frame) => {
            await settle();
            // It is open still.
            const pixels = dl.fromPixels(frame);
            const { shape } = pixels;
            pixels.dispose();
            return shape;
          }),
        )
        .forEach((shape) => {
          sizes.push(shape);
          times.push(timeOf()!.media);
        });
      expect(sizes.length).toBeGreaterThan(1);
      expect(sizes[0]).toEqual([24, 32, 3]);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(preview.hasAttribute('src')).toBeFalse();
      // Also where it is left while a bitmap is made.
      for (let turns = 0; turns < 8; turns++) {
        let seen = 0;
        const subscription = videoFile(film, { read: false, loop: true }).subscribe(() => seen++);
        await until(() => seen > 0);
        for (let i = 0; i < turns; i++) await Promise.resolve();
        subscription.unsubscribe();
      }
      await until(() => bitmaps.every(({ width }) => width === 0));
      expect(() => videoFile(film, { read: false, channels: 1 } as never)).toThrowError(
        /^videoFile: option 'channels' says how tensors are made/,
      );
    } finally {
      globalThis.createImageBitmap = make;
    }
  });

  it('tells of what is no film', async () => {
    expect(await errorOf(videoFile(new Blob(['no film'])))).toMatch(/^videoFile: the video blob:.* failed: /);
  });
});
