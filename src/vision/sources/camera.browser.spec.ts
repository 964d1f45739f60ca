import { camera, cameras, screen, timeOf } from 'rxtensor/vision';
import { Subject, switchMap, take, tap, type Observable } from 'rxjs';
import { until } from '../../../test/support/marbles';
import { tracksThatEnd } from '../../../test/support/tracks-that-end';

/** A stream of a canvas that goes on changing, in place of what a person would choose. */
function movingCanvas(
  width: number,
  height: number,
): { canvas: HTMLCanvasElement; stream: MediaStream; stop: () => void } {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext('2d')!;
  const timer = setInterval(() => {
    pen.fillStyle = `rgb(${Math.floor(256 * Math.random())}, 0, 0)`;
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }, 10);
  const stream = canvas.captureStream();
  const stop = (): void => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
  };
  return { canvas, stream, stop };
}

const errorOf = async (stream: Observable<unknown>): Promise<string> => {
  try {
    await stream.forEach(() => undefined);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('camera', () => {
  const streams: MediaStream[] = [];
  const { mediaDevices } = navigator;
  const states = (): string[] =>
    streams.flatMap((each) => each.getTracks().map(({ readyState }) => readyState));
  const film = (): ReturnType<typeof movingCanvas> => movingCanvas(64, 48);

  beforeEach(() => {
    streams.length = 0;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    spyOn(mediaDevices, 'getUserMedia').and.callFake(async (constraints) => {
      const stream = await open(constraints);
      streams.push(stream);
      return stream;
    });
  });

  for (const how of ['frame by frame', 'through a video element'] as const) {
    describe(`read ${how}`, () => {
      const processor = Object.getOwnPropertyDescriptor(globalThis, 'MediaStreamTrackProcessor');
      beforeEach(() => {
        if (how === 'through a video element')
          Reflect.deleteProperty(globalThis, 'MediaStreamTrackProcessor');
      });
      afterEach(() => {
        if (processor) Object.defineProperty(globalThis, 'MediaStreamTrackProcessor', processor);
      });

      it('gives small tensors, each with its time, while the preview has full size', async () => {
        const preview = document.createElement('video');
        const seen: unknown[] = [];
        const captures: number[] = [];
        const subscription = camera(
          { width: 320, height: 240 },
          { preview, size: [24, 32], inFlight: 1 },
        ).subscribe((frame) => {
          seen.push(frame.shape);
          captures.push(timeOf()!.capture);
        });
        await until(() => seen.length > 2 && preview.videoWidth > 0);
        expect([preview.videoWidth, preview.videoHeight]).toEqual([320, 240]);
        subscription.unsubscribe();
        expect(seen.slice(0, 3)).toEqual([1, 2, 3].map(() => [24, 32, 3]));
        expect(captures[1]).toBeGreaterThan(captures[0]!);
        expect(captures[2]).toBeGreaterThan(captures[1]!);
        const now = performance.timeOrigin + performance.now();
        expect(captures[2]).toBeLessThanOrEqual(now);
        expect(now - captures[2]!).toBeLessThan(60_000);
        expect(preview.srcObject).toBeNull();
        expect(states()).toEqual(['ended']);
      });

      it('closes one camera before it opens the next, by switchMap', async () => {
        const choice = new Subject<MediaTrackConstraints>();
        const widths: number[] = [];
        const subscription = choice
          .pipe(switchMap((constraints) => camera(constraints)))
          .subscribe((frame) => widths.push(frame.shape[1]));
        choice.next({ width: 160, height: 120 });
        await until(() => widths.includes(160));
        choice.next({ width: 320, height: 240 });
        expect(states()).toEqual(['ended']);
        await until(() => widths.includes(320));
        expect(states()).toEqual(['ended', 'live']);
        subscription.unsubscribe();
        expect(states()).toEqual(['ended', 'ended']);
      });

      it('follows a size that changes, and rests while the page is hidden', async () => {
        const { canvas, stream, stop } = film();
        (mediaDevices.getUserMedia as jasmine.Spy).and.resolveTo(stream);
        const widths: number[] = [];
        const subscription = camera().subscribe((frame) => widths.push(frame.shape[1]));
        await until(() => widths.includes(64));
        canvas.width = 96;
        await until(() => widths.includes(96));
        if (how === 'frame by frame' && processor) {
          const hidden = spyOnProperty(document, 'hidden').and.returnValue(true);
          const before = widths.length;
          await new Promise((resolve) => setTimeout(resolve, 150));
          // A picture that had come before may still be on its way.
          expect(widths.length).toBeLessThanOrEqual(before + 1);
          hidden.and.returnValue(false);
          await until(() => widths.length > before + 2);
        }
        subscription.unsubscribe();
        stop();
      });

      it('fails when the camera is taken away', async () => {
        const { stream, stop } = film();
        const unplug = tracksThatEnd(stream);
        (mediaDevices.getUserMedia as jasmine.Spy).and.resolveTo(stream);
        let seen = 0;
        const failed = errorOf(
          camera().pipe(
            tap(() => {
              if (++seen === 2) unplug();
            }),
          ),
        );
        expect(await failed).toMatch(
          /^camera: the camera '.*' stopped: it was unplugged, or its permission was withdrawn$/,
        );
        stop();
      });
    });
  }

  it('tells why it could not be opened, by its own name', async () => {
    (mediaDevices.getUserMedia as jasmine.Spy).and.rejectWith(new DOMException('no', 'NotAllowedError'));
    expect(await errorOf(camera())).toMatch(
      /^camera: permission to use the camera was refused.*NotAllowedError: no/,
    );
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
    try {
      expect(await errorOf(camera())).toMatch(
        /^camera: there are no cameras here; wanted .* HTTPS or from localhost$/,
      );
      expect(await errorOf(cameras())).toMatch(/^cameras: there are no cameras here/);
      expect(await errorOf(screen())).toMatch(/^screen: there are no cameras here/);
    } finally {
      Reflect.deleteProperty(navigator, 'mediaDevices');
    }
  });

  it('has its list in cameras(), again when one comes, and when names are known', async () => {
    const lists: (readonly MediaDeviceInfo[])[] = [];
    const subscription = cameras().subscribe((list) => lists.push(list));
    await until(() => lists.length === 1);
    mediaDevices.dispatchEvent(new Event('devicechange'));
    await until(() => lists.length === 2);
    await camera({ width: 160, height: 120 })
      .pipe(take(1))
      .forEach(() => undefined);
    await until(() => lists.length === 3);
    subscription.unsubscribe();
    const [found] = lists[2]!;
    expect(found!.kind).toBe('videoinput');
    expect(found!.label).not.toBe('');
    mediaDevices.dispatchEvent(new Event('devicechange'));
    await new Promise((resolve) => setTimeout(resolve));
    expect(lists.length).toBe(3);
  });
});

describe('screen', () => {
  it('gives what the person chose, and completes when they stop', async () => {
    const { stream, stop } = movingCanvas(80, 60);
    const end = tracksThatEnd(stream);
    spyOn(navigator.mediaDevices, 'getDisplayMedia').and.resolveTo(stream);
    const shapes: unknown[] = [];
    await screen({}, { size: [6, 8] }).forEach((frame) => {
      shapes.push(frame.shape);
      if (shapes.length === 2) setTimeout(end);
    });
    expect(shapes.slice(0, 2)).toEqual([
      [6, 8, 3],
      [6, 8, 3],
    ]);
    expect(stream.getTracks()[0]!.readyState).toBe('ended');
    stop();
  });

  it('tells what to do', async () => {
    const ask = spyOn(navigator.mediaDevices, 'getDisplayMedia');
    ask.and.rejectWith(new DOMException('no gesture', 'InvalidStateError'));
    expect(await errorOf(screen())).toBe(
      'screen: the browser wants a click first; subscribe in the listener of one (InvalidStateError: no gesture)',
    );
    ask.and.rejectWith(new DOMException('no', 'NotAllowedError'));
    expect(await errorOf(screen())).toMatch(/^screen: the person, the system or this page does not allow/);
  });
});
