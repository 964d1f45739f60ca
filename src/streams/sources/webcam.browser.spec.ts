import * as dl from 'rxtensor';
import { merge, retry, share, take } from 'rxjs';
import { trailNow } from '../emission';
import type { FrameTime } from '../trail';
import { deferred, until } from '../../../test/support/marbles';
import { tracksThatEnd } from '../../../test/support/tracks-that-end';

/** The camera is the browser's own, which shows a test picture; see scripts/find-browser.ts and scripts/other-browsers.ts. */
describe('webcam', () => {
  /** Streams that were given out, to see whether they were given back. */
  const streams: MediaStream[] = [];
  const { mediaDevices } = navigator;
  const states = (): string[] =>
    streams.flatMap((each) => each.getTracks().map(({ readyState }) => readyState));
  /** Unplugs the camera of the newest stream. */
  let unplug: () => void;

  beforeEach(() => {
    streams.length = 0;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    spyOn(mediaDevices, 'getUserMedia').and.callFake(async (constraints) => {
      const stream = await open(constraints);
      streams.push(stream);
      unplug = tracksThatEnd(stream);
      return stream;
    });
  });

  it('emits pictures of the camera, in the size that it has', async () => {
    const seen: unknown[] = [];
    let colours = 0;
    await dl
      .webcam({ width: 320, height: 240 })
      .pipe(take(2))
      .forEach((frame) => {
        seen.push(frame.shape, frame.dtype);
        colours = new Set(frame.dataSync()).size;
      });
    expect(seen).toEqual([[240, 320, 3], 'int32', [240, 320, 3], 'int32']);
    expect(colours).toBeGreaterThan(1);
    expect(states()).toEqual(['ended']);
  });

  it('tells when each picture was taken', async () => {
    const times: FrameTime[] = [];
    const begin = performance.timeOrigin + performance.now();
    await dl
      .webcam({ width: 160, height: 120 }, { inFlight: 1 })
      .pipe(
        dl.mapTensorAsync(async (frame) => (await frame.mean().data())[0]!),
        take(3),
      )
      .forEach(() => times.push(trailNow().time!));
    const end = performance.timeOrigin + performance.now();
    for (const [i, { media, capture }] of times.entries()) {
      // The camera may have taken its first picture before the page asked for one.
      expect(capture).toBeGreaterThan(begin - 1000);
      expect(capture).toBeLessThanOrEqual(end);
      const before = times[i - 1];
      if (!before) continue;
      expect(capture).toBeGreaterThan(before.capture);
      expect(media).toBeGreaterThan(before.media);
      // Both clocks count the same time, up to how exact the browser lets them be.
      expect(media - before.media).toBeCloseTo((capture - before.capture) / 1000, 0);
    }
  });

  it('scales, and gives the channels that are wanted', async () => {
    const shapes: unknown[] = [];
    await dl
      .webcam({}, { size: [24, 32], channels: 1 })
      .pipe(take(1))
      .forEach((frame) => shapes.push(frame.shape));
    expect(shapes).toEqual([[24, 32, 1]]);
  });

  it('gives the camera back when it is left, also while permission is being asked for', async () => {
    const first = deferred();
    const subscription = dl.webcam({ width: 160, height: 120 }).subscribe(() => first.resolve());
    await first.promise;
    expect(states()).toEqual(['live']);
    subscription.unsubscribe();
    expect(states()).toEqual(['ended']);

    dl.webcam().subscribe().unsubscribe();
    await until(() => streams.length === 2 && states()[1] === 'ended');
    expect(states()).toEqual(['ended', 'ended']);
  });

  it('is one camera for all where it is shared', async () => {
    const camera = dl.webcam({ width: 160, height: 120 }).pipe(share());
    let seen = 0;
    await merge(camera, camera)
      .pipe(take(4))
      .forEach(() => seen++);
    expect(seen).toBe(4);
    expect(states()).toEqual(['ended']);
  });

  it('drops pictures while an emission is unfinished, and tells how many', async () => {
    const enough = deferred();
    let seen = 0;
    const subscription = dl
      .webcam(
        { width: 160, height: 120 },
        { inFlight: 1, onDrop: (count) => count === 2 && enough.resolve() },
      )
      .subscribe(() => {
        seen++;
        dl.waitUntil(new Promise(() => undefined));
      });
    await enough.promise;
    subscription.unsubscribe();
    expect(seen).toBe(1);
  });

  it('fails when the camera is unplugged, gives it back, and can be tried again', async () => {
    const first = deferred();
    const errors: string[] = [];
    const subscription = dl.webcam({ width: 160, height: 120 }).subscribe({
      next: () => first.resolve(),
      error: (error: Error) => errors.push(error.message),
    });
    await first.promise;
    unplug();
    expect(errors).toEqual([
      jasmine.stringMatching(
        /^webcam: the camera '.+' stopped: it was unplugged, or its permission was withdrawn$/,
      ),
    ]);
    expect(states()).toEqual(['ended']);
    expect(subscription.closed).toBeTrue();

    let seen = 0;
    await dl
      .webcam({ width: 160, height: 120 })
      .pipe(retry(1), take(4))
      .forEach(() => {
        if (++seen === 2) setTimeout(unplug);
      });
    expect(seen).toBe(4);
    expect(streams.length).toBe(3);
  });

  it('says what no camera can do', async () => {
    const stream = dl.webcam({ width: { min: 100_000 } });
    await expectAsync(stream.forEach(() => undefined)).toBeRejectedWithError(
      /^webcam: no camera can do what is demanded: 'width' \(OverconstrainedError/,
    );
  });

  const refusals: readonly (readonly [kind: string, message: RegExp])[] = [
    [
      'NotAllowedError',
      /^webcam: permission to use the camera was refused.*\(NotAllowedError: as a spec has it\)$/,
    ],
    ['NotFoundError', /^webcam: there is no camera \(NotFoundError/],
    ['NotReadableError', /^webcam: the camera cannot be read; another program may be using it/],
    ['SurpriseError', /^webcam: it could not be opened \(SurpriseError/],
  ];
  for (const [kind, message] of refusals) {
    it(`tells of a ${kind} with its cause`, async () => {
      const cause = new DOMException('as a spec has it', kind);
      (mediaDevices.getUserMedia as jasmine.Spy).and.rejectWith(cause);
      const error = await dl
        .webcam()
        .forEach(() => undefined)
        .then(
          () => null,
          (found: unknown) => found as Error,
        );
      expect(error?.message).toMatch(message);
      expect(error?.cause).toBe(cause);
    });
  }

  it('says so where there are no cameras, as in a page without HTTPS', async () => {
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
    try {
      await expectAsync(dl.webcam().forEach(() => undefined)).toBeRejectedWithError(
        'webcam: there are no cameras here; wanted a browser, and a page that came by HTTPS or from localhost',
      );
    } finally {
      Reflect.deleteProperty(navigator, 'mediaDevices');
    }
  });

  it('refuses impossible options at once', () => {
    expect(() => dl.webcam({}, { channels: 7 })).toThrowError(
      "webcam: option 'channels' is 7; wanted an integer from 1 to 4",
    );
    expect(() => dl.webcam({}, { inFlight: 0 })).toThrowError(/option 'inFlight' is 0/);
  });
});
