import * as dl from 'rxtensor';
import { take, toArray, lastValueFrom, type Observable } from 'rxjs';
import { deferred, settle, until } from '../../../test/support/marbles';
import { trailNow } from '../emission';
import type { FrameTime } from '../trail';
import { onShownFrame } from './shown-frames';

/** A video of a canvas, which shows the shade that it is given. */
class Film {
  readonly canvas = document.createElement('canvas');
  readonly video = document.createElement('video');
  private readonly stream: MediaStream;

  constructor() {
    this.canvas.width = 8;
    this.canvas.height = 6;
    this.draw(0);
    this.stream = this.canvas.captureStream();
    this.video.muted = true;
    this.video.srcObject = this.stream;
  }

  draw(shade: number): void {
    const context = this.canvas.getContext('2d')!;
    context.fillStyle = `rgb(${shade}, ${shade}, ${shade})`;
    context.fillRect(0, 0, 8, 6);
  }

  /** Goes on drawing, so that there are always new pictures. */
  play(): () => void {
    let shade = 0;
    const timer = setInterval(() => this.draw((shade = (shade + 40) % 256)), 10);
    void this.video.play().catch(() => undefined);
    return () => clearInterval(timer);
  }

  end(): void {
    for (const track of this.stream.getTracks()) track.stop();
    // Chromium ends a video by itself only when its tracks are ended by their source.
    this.video.dispatchEvent(new Event('ended'));
  }
}

const shapesOf = (stream: Observable<dl.Tensor>): Promise<unknown[]> => {
  const shapes: unknown[] = [];
  return stream.forEach((frame) => shapes.push([frame.shape, frame.dtype])).then(() => shapes);
};

describe('videoFrames', () => {
  let film: Film;
  let stop: () => void;

  beforeEach(() => {
    film = new Film();
    stop = () => undefined;
  });

  afterEach(() => {
    stop();
    film.end();
  });

  it('emits the pictures that a video shows, and leaves the video alone', async () => {
    stop = film.play();
    const shapes = await shapesOf(dl.videoFrames(film.video).pipe(take(3)));
    expect(shapes).toEqual([1, 2, 3].map(() => [[6, 8, 3], 'int32']));
    expect(film.video.paused).toBeFalse();
  });

  it('scales them, and gives the channels that are wanted', async () => {
    stop = film.play();
    const frames = dl.videoFrames(film.video, { size: [3, 4], channels: 1 });
    expect(await shapesOf(frames.pipe(take(1)))).toEqual([[[3, 4, 1], 'int32']]);
  });

  it('begins with the picture of a video that is paused', async () => {
    stop = film.play();
    await shapesOf(dl.videoFrames(film.video).pipe(take(1)));
    film.video.pause();
    await settle();
    expect(await shapesOf(dl.videoFrames(film.video).pipe(take(1)))).toEqual([[[6, 8, 3], 'int32']]);
  });

  it('tells the time of each picture in the film, and when it was shown', async () => {
    stop = film.play();
    const times: FrameTime[] = [];
    const begin = performance.timeOrigin + performance.now();
    const noteTimes = (count: number): Promise<void> =>
      dl
        .videoFrames(film.video)
        .pipe(take(count))
        .forEach(() => times.push(trailNow().time!));
    await noteTimes(3);
    for (const [i, { media, capture }] of times.entries()) {
      expect(capture).toBeGreaterThanOrEqual(times[i - 1]?.capture ?? begin - 1000);
      expect(capture).toBeLessThanOrEqual(performance.timeOrigin + performance.now());
      expect(media).toBeGreaterThanOrEqual(times[i - 1]?.media ?? 0);
      expect(media).toBeLessThanOrEqual(film.video.currentTime + 0.1);
    }
    film.video.pause();
    await settle();
    await noteTimes(1);
    expect(times[3]!.media).toBeCloseTo(film.video.currentTime, 1);
  });

  it('has a capture time that does not go back, though not each picture comes with one', () => {
    const callbacks: VideoFrameRequestCallback[] = [];
    const video = {
      requestVideoFrameCallback: (callback: VideoFrameRequestCallback) => callbacks.push(callback),
      cancelVideoFrameCallback: () => undefined,
    } as unknown as HTMLVideoElement;
    const times: FrameTime[] = [];
    const [leave] = onShownFrame(video, (time) => times.push(time));
    const shown = (metadata: object): void => callbacks.pop()!(0, metadata as VideoFrameCallbackMetadata);
    shown({ mediaTime: 0, presentationTime: 100 });
    shown({ mediaTime: 0.03, presentationTime: 130, captureTime: 95 });
    shown({ mediaTime: 0.06, presentationTime: 165, captureTime: 125 });
    leave();
    const { timeOrigin } = performance;
    expect(times).toEqual([
      { media: 0, capture: timeOrigin + 100 },
      { media: 0.03, capture: timeOrigin + 100 },
      { media: 0.06, capture: timeOrigin + 125 },
    ]);
  });

  it('drops pictures while an emission is unfinished, and tells how many', async () => {
    stop = film.play();
    const dropped: number[] = [];
    const work = deferred();
    let seen = 0;
    const enough = deferred();
    const subscription = dl
      .videoFrames(film.video, {
        inFlight: 1,
        onDrop: (count) => {
          dropped.push(count);
          if (count === 3) enough.resolve();
        },
      })
      .subscribe(() => {
        if (++seen === 1) dl.waitUntil(work.promise);
      });
    await enough.promise;
    expect(seen).toBe(1);
    work.resolve();
    await until(() => seen > 1);
    subscription.unsubscribe();
    expect(dropped.slice(0, 3)).toEqual([1, 2, 3]);
  });

  it('completes when the video has ended', async () => {
    stop = film.play();
    let seen = 0;
    await dl.videoFrames(film.video).forEach(() => {
      if (++seen === 2) setTimeout(() => film.end());
    });
    expect(seen).toBeGreaterThanOrEqual(2);
  });

  it('stops asking for pictures when it is left', async () => {
    stop = film.play();
    const ask = spyOn(film.video, 'requestVideoFrameCallback').and.callThrough();
    await shapesOf(dl.videoFrames(film.video).pipe(take(1)));
    const asked = ask.calls.count();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ask.calls.count()).toBe(asked);
  });

  it('looks at the time of the video where the browser does not tell of its pictures', async () => {
    const { video } = film;
    const without = {
      HAVE_CURRENT_DATA: video.HAVE_CURRENT_DATA,
      get readyState() {
        return video.readyState;
      },
      get currentTime() {
        return video.currentTime;
      },
    } as HTMLVideoElement;
    stop = film.play();
    let told = 0;
    const twice = deferred();
    const [leave] = onShownFrame(without, () => {
      if (++told === 2) twice.resolve();
    });
    await twice.promise;
    leave();
  });

  it('makes an error of a video that cannot be loaded, at any time', async () => {
    const broken = document.createElement('video');
    broken.src = 'data:video/mp4;base64,AAAA';
    const run = (): Promise<unknown> => lastValueFrom(dl.videoFrames(broken).pipe(toArray()));
    const message =
      /^videoFrames: the video data:video\/mp4;base64,AAAA failed: it was not found, or its format/;
    await expectAsync(run()).toBeRejectedWithError(message);
    await expectAsync(run()).toBeRejectedWithError(message);
  });

  it('refuses what is no video, and impossible options', () => {
    expect(() => dl.videoFrames({} as never)).toThrowError(
      "videoFrames: argument 'video' is object; wanted a video element",
    );
    expect(() => dl.videoFrames(film.video, { channels: 0 })).toThrowError(/option 'channels' is 0/);
    expect(() => dl.videoFrames(film.video, { inFlight: 0 })).toThrowError(/option 'inFlight' is 0/);
  });
});
