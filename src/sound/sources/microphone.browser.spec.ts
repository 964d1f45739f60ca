import * as dl from 'rxtensor';
import { microphone, microphones, type SoundGap } from 'rxtensor/sound';
import { timeOf, type FrameTime } from 'rxtensor/vision';
import { map, retry, Subject, switchMap, take } from 'rxjs';
import { far } from '../../../test/support/far-side';
import { deferred, settle, until } from '../../../test/support/marbles';
import {
  hertzOf,
  messageOf,
  needsSound,
  openedSound,
  toneStream,
  type OpenedSound,
} from '../../../test/support/opened-sound';
import { tracksThatEnd } from '../../../test/support/tracks-that-end';
import { PROCESSOR_SOURCE } from './processor';

const now = (): number => performance.timeOrigin + performance.now();

/** The microphone is the browser's own, which hears a test tone; see scripts/find-browser.ts and scripts/other-browsers.ts. */
describe('microphone', () => {
  let opened: OpenedSound;
  const { mediaDevices } = navigator;
  const Context = AudioContext;
  const real = mediaDevices.getUserMedia.bind(mediaDevices);
  const isOff = (): boolean => opened.states().every((state) => state === 'ended' || state === 'closed');
  const instead = (stream: MediaStream): void => {
    (mediaDevices.getUserMedia as jasmine.Spy).and.resolveTo(stream);
  };

  beforeEach(() => {
    opened = openedSound();
  });

  it('gives frames that overlap, at the wanted rate, each with its time', async () => {
    await needsSound();
    const shapes: unknown[] = [];
    const times: FrameTime[] = [];
    const begun = now();
    await microphone({ sampleRate: 16000 }, { frame: 400, hop: 160 })
      .pipe(take(50))
      .forEach((frame) => {
        shapes.push(frame.shape, frame.dtype);
        times.push(timeOf()!);
      });
    expect(shapes).toEqual(Array.from({ length: 50 }, () => [[400], 'float32']).flat());
    times.forEach(({ media, capture }, i) => {
      expect(media).toBeCloseTo(i / 100, 9);
      expect(capture).toBeGreaterThan(begun - 1000);
      expect(capture).toBeLessThanOrEqual(now());
      if (i > 0) expect(capture).toBeGreaterThanOrEqual(times[i - 1]!.capture);
    });
    // Both clocks count the same time, as far as the browser lets them be exact and devices are on time.
    expect(times[49]!.capture - times[0]!.capture).toBeGreaterThan(300);
    await until(isOff);
    expect(opened.states()).toEqual(['ended', 'closed']);
  });

  it('hears what is there: a tone, resampled', async () => {
    await needsSound();
    const { stream, stop } = toneStream(440);
    instead(stream);
    const heard: number[] = [];
    await microphone({ sampleRate: 8000 }, { frame: 800 })
      .pipe(
        dl.download(),
        map((frame) => frame as unknown as Float32Array),
        take(20),
      )
      .forEach((frame) => heard.push(...frame));
    expect(hertzOf(heard.slice(8000), 8000)).toBeCloseTo(440, 0);
    expect(stream.getTracks()[0]!.readyState).toBe('ended');
    await stop();
  });

  it('gives all channels where they are wanted, and each subscription opens anew', async () => {
    await needsSound();
    const shapes: number[][] = [];
    for (let i = 0; i < 2; i++)
      await microphone({ channels: 'all', echoCancellation: false })
        .pipe(take(2))
        .forEach((frame) => shapes.push(frame.shape));
    for (const shape of shapes) {
      expect(shape.length).toBe(2);
      expect(shape[1]).toBe(1024);
      expect(shape[0]).toBe(opened.streams[0]!.getAudioTracks()[0]!.getSettings().channelCount ?? 1);
    }
    await until(isOff);
    expect(opened.states()).toEqual(['ended', 'ended', 'closed', 'closed']);
  });

  it('is closed when it is left, also while permission is being asked for', async () => {
    await needsSound();
    const first = deferred();
    const subscription = microphone().subscribe(() => first.resolve());
    await first.promise;
    subscription.unsubscribe();
    await until(isOff);
    expect(opened.states()).toEqual(['ended', 'closed']);
    microphone().subscribe().unsubscribe();
    await until(() => opened.streams.length === 2 && isOff());

    const choice = new Subject<string>();
    const changes = choice.pipe(switchMap((deviceId) => microphone({ deviceId }))).subscribe();
    for (let i = 3; i < 5; i++) {
      choice.next('default');
      await until(() => opened.streams.length === i);
    }
    changes.unsubscribe();
    await until(isOff);
  });

  it('tells what was lost while there was no room, and begins anew behind it', async () => {
    await needsSound();
    const { stream, stop } = toneStream(100);
    instead(stream);
    const gaps: SoundGap[] = [];
    const times: number[] = [];
    const busy = deferred();
    const [rate, frame] = [16000, 512];
    const subscription = microphone(
      { sampleRate: rate },
      { frame, ring: 0.1, inFlight: 1, onGap: (gap) => gaps.push(gap) },
    ).subscribe(() => {
      times.push(timeOf()!.media);
      if (times.length === 3) dl.waitUntil(busy.promise);
    });
    await until(() => times.length === 3);
    const begun = performance.now();
    await until(() => performance.now() - begun > 400);
    expect(times.length).toBe(3);
    busy.resolve();
    await until(() => gaps.length > 0 && times.some((media) => media > gaps[0]!.at));
    subscription.unsubscribe();
    const [{ samples, seconds, at }] = gaps as [SoundGap];
    expect(seconds).toBeCloseTo(samples / rate, 3);
    expect(seconds).toBeGreaterThan(0.05);
    // The gap begins where the last frame before it ends, and ends where the next one begins.
    const before = times.filter((media) => media < at).at(-1);
    expect(at).toBeCloseTo(before + frame / rate, 9);
    expect(times.find((media) => media > at)).toBeCloseTo(at + seconds, 9);
    await stop();
  });

  it('goes on with the next click where the browser has suspended it, and counts the gap', async () => {
    await needsSound();
    const gaps: SoundGap[] = [];
    let seen = 0;
    const subscription = microphone({}, { onGap: (gap) => gaps.push(gap) }).subscribe(() => seen++);
    await until(() => seen > 0);
    const [context] = opened.contexts as [AudioContext];
    const resume = spyOn(context, 'resume').and.resolveTo();
    const suspended = performance.now();
    await context.suspend();
    await until(() => resume.calls.count() > 0);
    await settle();
    const before = seen;
    resume.and.callThrough();
    const begun = performance.now();
    await until(() => performance.now() - begun > 200);
    expect(seen).toBe(before);
    document.body.click();
    document.dispatchEvent(new Event('pointerdown'));
    // The context may also leave out what it was about to compute: a gap of its own.
    await until(() => gaps.some(({ seconds }) => seconds > 0.2) && seen > before);
    expect(gaps.at(-1).lost).toBeCloseTo(
      gaps.reduce((sum, { seconds }) => sum + seconds, 0),
      9,
    );
    // What the context was about to compute counts, too: some blocks of 10 ms.
    expect(gaps.at(-1).lost).toBeLessThan((performance.now() - suspended) / 1000 + 0.1);
    subscription.unsubscribe();
    const calls = resume.calls.count();
    document.dispatchEvent(new Event('pointerdown'));
    expect(resume.calls.count()).toBe(calls);
  });

  it('says that a click is wanted where none has been', async () => {
    await needsSound();
    const warn = spyOn(console, 'warn');
    (window.AudioContext as unknown as jasmine.Spy).and.callFake(function (options: AudioContextOptions) {
      const context = new Context(options);
      spyOnProperty(context, 'state').and.returnValue('suspended');
      return context;
    });
    const subscription = microphone().subscribe();
    await until(() => warn.calls.count() > 0);
    expect(warn.calls.argsFor(0)[0]).toMatch(
      /^rxtensor: microphone: the browser suspends sound until the person has clicked.*listener of a click/,
    );
    subscription.unsubscribe();
  });

  it('fails when it is taken away, and can be tried again', async () => {
    await needsSound();
    let unplug = (): void => undefined;
    (mediaDevices.getUserMedia as jasmine.Spy).and.callFake(async (constraints: MediaStreamConstraints) => {
      const stream = await real(constraints);
      opened.streams.push(stream);
      unplug = tracksThatEnd(stream);
      return stream;
    });
    let seen = 0;
    const message = messageOf(
      microphone().pipe(
        map(() => {
          if (++seen === 2) unplug();
        }),
      ),
    );
    expect(await message).toMatch(
      /^microphone: the microphone '.+' stopped: it was unplugged, or its permission/,
    );
    await until(isOff);
    expect(opened.states()).toEqual(['ended', 'closed']);
    seen = 0;
    await microphone()
      .pipe(retry(1), take(4))
      .forEach(() => {
        if (++seen === 2) setTimeout(unplug);
      });
    expect(seen).toBe(4);
  });

  const refusals: readonly (readonly [kind: string, message: RegExp])[] = [
    [
      'NotAllowedError',
      /^microphone: permission to use the microphone was refused.*subscribe anew \(NotAllowedError: no\)$/,
    ],
    ['NotFoundError', /^microphone: there is no microphone: plug one in/],
    ['NotReadableError', /^microphone: the microphone cannot be read; another program may be using it/],
    ['SurpriseError', /^microphone: it could not be opened \(SurpriseError/],
  ];
  for (const [kind, message] of refusals)
    it(`tells of a ${kind}`, async () => {
      (mediaDevices.getUserMedia as jasmine.Spy).and.rejectWith(new DOMException('no', kind));
      expect(await messageOf(microphone())).toMatch(message);
    });

  it('says what no microphone can do', async () => {
    expect(await messageOf(microphone({ deviceId: { exact: 'of no machine' } }))).toMatch(
      /^microphone: no microphone can do what is demanded/,
    );
  });

  it('says so where there are no microphones, or no worklets, as in a page without HTTPS', async () => {
    const worklets = Object.getOwnPropertyDescriptor(globalThis, 'AudioWorkletNode')!;
    Reflect.deleteProperty(globalThis, 'AudioWorkletNode');
    try {
      expect(await messageOf(microphone())).toMatch(
        /^microphone: there is no AudioWorklet here; wanted a page/,
      );
      expect(opened.streams).toEqual([]);
    } finally {
      Object.defineProperty(globalThis, 'AudioWorkletNode', worklets);
    }
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
    try {
      for (const stream of [microphone(), microphones()])
        expect(await messageOf(stream)).toMatch(
          /^microphones?: there are no microphones here; wanted .* HTTPS/,
        );
    } finally {
      Reflect.deleteProperty(navigator, 'mediaDevices');
    }
  });

  it('takes its processor from a file, and says so where blobs are forbidden', async () => {
    await needsSound();
    const file = URL.createObjectURL(new Blob([PROCESSOR_SOURCE], { type: 'text/javascript' }));
    await microphone({}, { worklet: file })
      .pipe(take(1))
      .forEach(() => undefined);
    expect(await messageOf(microphone({}, { worklet: '/base/not-there.js' }))).toMatch(
      /^microphone: option 'worklet' is \/base\/not-there.js, which could not be loaded/,
    );
    spyOn(AudioWorklet.prototype, 'addModule').and.rejectWith(new DOMException('no', 'AbortError'));
    expect(await messageOf(microphone())).toMatch(
      /^microphone: the AudioWorklet could not be loaded from a blob.*option 'worklet'.*rxtensor\/sound-worklet\.js/,
    );
    URL.revokeObjectURL(file);
    await until(isOff);
  });

  it('hands frames and their times to a worker', async () => {
    await needsSound();
    const source = microphone({ sampleRate: 16000 }, { frame: 1600 });
    const times: FrameTime[] = [];
    await source.pipe(far<dl.Tensor, FrameTime>('times'), take(5)).forEach((time) => times.push(time));
    expect(times.map(({ media }) => Math.round(media * 1000))).toEqual([0, 100, 200, 300, 400]);
    const squares: dl.Tensor[] = [];
    await source.pipe(far<dl.Tensor, dl.Tensor>('square'), take(2)).forEach((x) => {
      expect(x.shape).toEqual([1600]);
      squares.push(x);
    });
    expect(squares.length).toBe(2);
    await until(isOff);
  });

  it('has its list in microphones(), again when one comes, and when names are known', async () => {
    await needsSound();
    const lists: (readonly MediaDeviceInfo[])[] = [];
    const subscription = microphones().subscribe((list) => lists.push(list));
    await until(() => lists.length === 1);
    mediaDevices.dispatchEvent(new Event('devicechange'));
    await until(() => lists.length === 2);
    await microphone()
      .pipe(take(1))
      .forEach(() => undefined);
    await until(() => lists.length === 3);
    subscription.unsubscribe();
    const [found] = lists[2]!;
    expect(found!.kind).toBe('audioinput');
    expect(found!.label).not.toBe('');
  });

  it('refuses impossible options at once', () => {
    expect(() => microphone({ sampleRate: 0 })).toThrowError(/^microphone: option 'sampleRate' is 0; wanted/);
    expect(() => microphone({}, { frame: 0 })).toThrowError(/^microphone: option 'frame' is 0/);
    expect(() => microphone({}, { ring: -1 })).toThrowError(
      /^microphone: option 'ring' is -1; wanted a positive/,
    );
  });
});
