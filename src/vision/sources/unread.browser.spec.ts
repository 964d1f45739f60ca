import * as dl from 'rxtensor';
import { camera, mediaFrames, overlay, screen, timeOf, type UnreadFrame } from 'rxtensor/vision';
import { map, take } from 'rxjs';
import { settle, until } from '../../../test/support/marbles';

const make = globalThis.createImageBitmap;

/** Frames of a colour each, and how often each was closed. */
class Film {
  readonly closed: number[] = [];
  /** Bitmaps that were made of them, and closed. */
  readonly bitmaps = { made: 0, closed: 0 };
  /** Shades that wait to be asked for. */
  readonly #waiting: number[] = [];
  #isAsked = false;
  #controller!: ReadableStreamDefaultController<VideoFrame>;
  /** It makes a frame when it is read, and holds none. */
  readonly stream = new ReadableStream<VideoFrame>(
    {
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => {
        this.#isAsked = true;
        this.#answer();
      },
      cancel: () => {
        this.#isAsked = false;
      },
    },
    { highWaterMark: 0 },
  );

  constructor() {
    globalThis.createImageBitmap = async (source: ImageBitmapSource) => {
      const bitmap = await make(source);
      this.bitmaps.made++;
      const close = bitmap.close.bind(bitmap);
      bitmap.close = () => {
        this.bitmaps.closed++;
        close();
      };
      return bitmap;
    };
  }

  /** The next frame comes. */
  show(shade: number): void {
    this.#waiting.push(shade);
    this.#answer();
  }

  end(error?: Error): void {
    if (error) this.#controller.error(error);
    else this.#controller.close();
  }

  #answer(): void {
    const [shade] = this.#waiting;
    if (!this.#isAsked || shade === undefined) return;
    this.#waiting.shift();
    this.#isAsked = false;
    const canvas = new OffscreenCanvas(16, 12);
    const pen = canvas.getContext('2d')!;
    pen.fillStyle = `rgb(${shade}, ${shade}, ${shade})`;
    pen.fillRect(0, 0, 16, 12);
    const frame = new VideoFrame(canvas, { timestamp: 1000 * shade });
    const [close, number] = [frame.close.bind(frame), this.closed.push(0) - 1];
    frame.close = () => {
      this.closed[number]!++;
      close();
    };
    this.#controller.enqueue(frame);
  }

  get areAllClosed(): boolean {
    return this.closed.every((times) => times === 1) && this.bitmaps.made === this.bitmaps.closed;
  }
}

const isOnCpu = (): boolean => dl.getBackend() === 'cpu';

const sizeOf = (frame: UnreadFrame): [number, number] =>
  'width' in frame ? [frame.width, frame.height] : [frame.displayWidth, frame.displayHeight];

/** The first value of the pixels. */
async function shadeOf(frame: UnreadFrame): Promise<number> {
  const pixels = dl.fromPixels(frame);
  const [shade] = await pixels.data();
  pixels.dispose();
  return shade!;
}

describe('a source that reads no tensors', () => {
  afterEach(() => {
    globalThis.createImageBitmap = make;
  });

  it('emits frames with their times, each closed once when its emission is finished', async () => {
    const film = new Film();
    const seen: (readonly [number, number])[] = [];
    const kinds = new Set<string>();
    let end = false;
    const subscription = mediaFrames(film.stream, { read: false })
      .pipe(
        dl.mapTensorAsync(async (frame) => {
          kinds.add(frame.constructor.name);
          await settle();
          // It is open still.
          return shadeOf(frame);
        }),
        map((shade) => [shade, timeOf()!.media] as const),
      )
      .subscribe({ next: (value) => seen.push(value), complete: () => (end = true) });
    for (const shade of [10, 20, 30]) {
      const before = seen.length;
      film.show(shade);
      await until(() => seen.length > before);
    }
    await until(() => film.areAllClosed);
    film.end();
    await until(() => end);
    expect(seen.map(([shade, media]) => [Math.abs(shade - 1000 * media) <= 1, media])).toEqual([
      [true, 0.01],
      [true, 0.02],
      [true, 0.03],
    ]);
    expect([...kinds]).toEqual([isOnCpu() ? 'ImageBitmap' : 'VideoFrame']);
    expect([film.closed, film.bitmaps.made]).toEqual([[1, 1, 1], isOnCpu() ? 3 : 0]);
    subscription.unsubscribe();
  });

  it('keeps the newest alone while frames are in use, and closes what it drops', async () => {
    const film = new Film();
    let dropped = 0;
    const free: (() => void)[] = [];
    const subscription = mediaFrames(film.stream, { read: false, inFlight: 1, onDrop: () => dropped++ })
      .pipe(dl.mapTensorAsync(() => new Promise<void>((resolve) => free.push(resolve))))
      .subscribe();
    film.show(1);
    await until(() => free.length === 1);
    for (const shade of [2, 3, 4]) film.show(shade);
    await until(() => dropped === 2);
    expect(film.closed.slice(1)).toEqual([1, 1, 0]);
    free[0]!();
    await until(() => free.length === 2);
    subscription.unsubscribe();
    for (const each of free) each();
    await until(() => film.areAllClosed);
    expect(film.closed).toEqual([1, 1, 1, 1]);
  });

  it('closes frames once when it is left at any moment', async () => {
    for (let turns = 0; turns < 24; turns++) {
      const film = new Film();
      const subscription = mediaFrames(film.stream, { read: false })
        .pipe(
          dl.mapTensorAsync(async (frame) => {
            await settle(2);
            return sizeOf(frame);
          }),
        )
        .subscribe();
      film.show(1);
      film.show(2);
      // The first moments are before anything is read.
      if (turns < 4) for (let i = 0; i < turns; i++) await Promise.resolve();
      else {
        await until(() => film.closed.length > 0);
        for (let i = 4; i < turns; i++) await Promise.resolve();
      }
      subscription.unsubscribe();
      await until(() => film.areAllClosed);
      expect(film.closed.every((times) => times === 1))
        .withContext(`left after ${turns} turns`)
        .toBe(true);
    }
  });

  it('hands errors on, and closes frames whose emission fails', async () => {
    const film = new Film();
    const failed = mediaFrames(film.stream, { read: false })
      .pipe(
        dl.mapTensor(() => {
          throw new Error('broken');
        }),
      )
      .forEach(() => undefined)
      .then(
        () => 'none',
        (error: unknown) => (error as Error).message,
      );
    film.show(7);
    expect(await failed).toBe('broken');
    await until(() => film.areAllClosed);
    const other = new Film();
    const lost = mediaFrames(other.stream, { read: false }).forEach(() => undefined);
    other.end(new Error('the call ended'));
    await expectAsync(lost).toBeRejectedWithError('the call ended');
  });

  it('is shown by overlay, mirrored if that is asked for', async () => {
    const frame = new OffscreenCanvas(16, 12);
    const pen = frame.getContext('2d')!;
    pen.fillStyle = '#ff0000';
    pen.fillRect(0, 0, 8, 12);
    const picture = await createImageBitmap(frame);
    for (const mirror of [false, true]) {
      const canvas = document.createElement('canvas');
      canvas.width = 16;
      canvas.getContext('2d')!.fillRect(0, 0, 16, 200);
      await new Promise<void>((resolve) =>
        dl
          .examples([1])
          .pipe(
            map(() => ({ picture })),
            overlay(canvas, (context) => context.clearRect(0, 0, 2, 2), { mirror }),
          )
          .subscribe({ complete: resolve }),
      );
      expect([canvas.width, canvas.height]).toEqual([16, 12]);
      const at = (x: number, y: number): number[] =>
        Array.from(canvas.getContext('2d')!.getImageData(x, y, 1, 1).data);
      const x = (place: number): number => (mirror ? 15 - place : place);
      expect([at(x(4), 6), at(x(12), 6), at(x(0), 0)]).toEqual([
        [255, 0, 0, 255],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ]);
    }
    const other = document.createElement('canvas');
    other.getContext('bitmaprenderer');
    const shown = dl.examples([1]).pipe(
      map(() => ({ picture })),
      overlay(other, () => undefined),
    );
    await expectAsync(shown.forEach(() => undefined)).toBeRejectedWithError(
      "overlay: argument 'canvas' has a context other than '2d'; wanted a canvas without a context, or with a '2d' one",
    );
    picture.close();
  });

  for (const how of ['frame by frame', 'through a video element'] as const)
    it(`reads a camera ${how}, and shows its preview`, async () => {
      const processor = Object.getOwnPropertyDescriptor(globalThis, 'MediaStreamTrackProcessor');
      if (how === 'through a video element') Reflect.deleteProperty(globalThis, 'MediaStreamTrackProcessor');
      try {
        const preview = document.createElement('video');
        const sizes: unknown[] = [];
        const times: number[] = [];
        const frames = camera({ width: 320, height: 240 }, { read: false, preview });
        await frames.pipe(take(3)).forEach((frame) => {
          sizes.push(sizeOf(frame));
          times.push(timeOf()!.capture);
        });
        expect(sizes).toEqual([1, 2, 3].map(() => [320, 240]));
        expect(times[2]).toBeGreaterThan(times[0]!);
        expect(preview.srcObject).toBeNull();
      } finally {
        if (processor) Object.defineProperty(globalThis, 'MediaStreamTrackProcessor', processor);
      }
    });

  it('tells which options go together', () => {
    expect(() => camera({}, { read: false, size: [2, 2] } as never)).toThrowError(
      "camera: option 'size' says how tensors are made, and 'read' is false: none are; wanted one of the two",
    );
    expect(() => screen({}, { read: 0 } as never)).toThrowError(
      "screen: option 'read' is 0; wanted one of true, false",
    );
    const { stream } = new Film();
    expect(() => mediaFrames(stream, { read: false, preview: null } as never)).toThrowError(
      /^mediaFrames: there is no option 'preview'/,
    );
  });
});
