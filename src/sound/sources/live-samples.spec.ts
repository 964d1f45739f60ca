import * as dl from 'rxtensor';
import { timeOf, type FrameTime } from 'rxtensor/vision';
import { tap, type Subscription } from 'rxjs';
import { deferred, settle, until } from '../../../test/support/marbles';
import { liveSamples, type SampleDevice, type SampleEvents, type SoundGap } from './live-samples';
import { resampler } from './resampler';
import type { SampleFraming } from './sample-frames';

const RATE = 1000;
const framing: SampleFraming = { frame: 4, hop: 2, sampleRate: null, channels: 'mono', ending: 'dropped' };
/** Samples that are their own numbers. */
const block = (
  at: number,
  length: number,
  frame = at,
): { at: number; frame: number; channels: Float32Array[] } => ({
  at,
  frame,
  channels: [Float32Array.from({ length }, (_, i) => at + i)],
});

/** A source of a device that a spec plays, and what comes of it. */
function played(options: Partial<SampleFraming> = {}, onGap?: (gap: SoundGap) => void, inFlight = 2) {
  const seen: { values: number[]; media: number; capture: number }[] = [];
  const times: FrameTime[] = [];
  const gaps: SoundGap[] = [];
  const errors: string[] = [];
  const state = { read: 0, closed: 0, completed: false };
  let events: SampleEvents | null = null;
  const device: SampleDevice = {
    rate: () => RATE,
    captured: (contextTime) => 5000 + 1000 * contextTime,
    read: (samples) => (state.read += samples),
    close: () => state.closed++,
  };
  const busy = deferred();
  const subscription: Subscription = liveSamples(
    'microphone',
    (given) => {
      events = given;
      return device;
    },
    { ...framing, ...options },
    onGap ?? ((gap) => gaps.push(gap)),
    { inFlight },
  )
    .pipe(
      tap(() => times.push(timeOf()!)),
      dl.mapTensorAsync(async (frame) => {
        const values = [...(await frame.data())];
        seen.push({ values, ...times[seen.length]! });
        if (inFlight === 1) await busy.promise;
      }),
    )
    .subscribe({
      error: (error: Error) => errors.push(error.message),
      complete: () => (state.completed = true),
    });
  return { seen, gaps, errors, state, events: events!, subscription, busy };
}

describe('live samples', () => {
  it('are frames that overlap, each with its own time, however they come', async () => {
    const { seen, gaps, state, events, subscription } = played();
    for (const [at, length] of [
      [0, 3],
      [3, 1],
      [4, 5],
    ] as const)
      events.samples(block(at, length, 100 + at));
    await until(() => seen.length === 3);
    expect(seen).toEqual(
      [0, 2, 4].map((at) => ({
        values: [at, at + 1, at + 2, at + 3],
        media: at / RATE,
        capture: 5000 + 100 + at,
      })),
    );
    expect(gaps).toEqual([]);
    expect(state.read).toBe(9);
    subscription.unsubscribe();
    expect(state.closed).toBe(1);
  });

  it('begin anew behind a gap, which is told with what was lost before it', async () => {
    const { seen, gaps, events, subscription } = played();
    events.samples(block(0, 7));
    // Its third sample is in no frame.
    events.samples(block(100, 5, 50));
    events.samples(block(200, 3));
    events.samples(block(300, 4));
    await until(() => seen.length === 4);
    expect(seen.map(({ values }) => values[0])).toEqual([0, 2, 100, 300]);
    expect(seen.map(({ media }) => media)).toEqual([0, 0.002, 0.1, 0.3]);
    expect(seen[2]!.capture).toBe(5050);
    const told = gaps.map(({ samples, at, gaps: count }) => [samples, Math.round(at * RATE), count]);
    expect(told).toEqual([
      [94, 6, 1],
      [96, 104, 2],
      [100, 200, 3],
    ]);
    for (const { samples, seconds } of gaps) expect(seconds).toBeCloseTo(samples / RATE, 9);
    expect(gaps[2]!.lost).toBeCloseTo(0.29, 9);
    subscription.unsubscribe();
  });

  it('wait while there is no room, and make room when they are read', async () => {
    const { seen, state, events, subscription, busy } = played({}, undefined, 1);
    for (let at = 0; at < 40; at += 4) events.samples(block(at, 4));
    await until(() => seen.length === 1);
    await settle();
    expect(seen.length).toBe(1);
    expect(state.read).toBe(4);
    busy.resolve();
    await until(() => seen.length === 19);
    expect(seen.map(({ values }) => values[0])).toEqual(Array.from({ length: 19 }, (_, i) => 2 * i));
    expect(state.read).toBe(40);
    subscription.unsubscribe();
  });

  it('are resampled from the beginning of each part, and complete with what is left', async () => {
    const { seen, state, events } = played({ sampleRate: 500, frame: 8, hop: 8, ending: 'padded' });
    events.samples(block(0, 400));
    events.samples(block(1000, 30));
    events.end();
    await until(() => state.completed);
    const changer = resampler(RATE, 500);
    const wanted = [...changer.push(block(1000, 30).channels[0]!), ...changer.end()];
    const last = seen.slice(-2);
    expect(last.flatMap(({ values }) => values)).toEqual([...wanted, 0]);
    expect(last.map(({ media }) => media)).toEqual([1, 1 + 8 / 500]);
    expect(state.closed).toBe(1);
  });

  it('fail with the device, and with what onGap throws', async () => {
    const failing = played();
    await settle();
    failing.events.fail(new Error('unplugged'));
    await until(() => failing.errors.length > 0);
    expect(failing.errors).toEqual(['unplugged']);
    expect(failing.state.closed).toBe(1);
    failing.events.fail(new Error('again'));

    const throwing = played({}, () => {
      throw new Error('not this');
    });
    throwing.events.samples(block(0, 4));
    throwing.events.samples(block(9, 4));
    await until(() => throwing.errors.length > 0);
    expect(throwing.errors).toEqual(['not this']);

    const odd = played({ sampleRate: 999_983 });
    odd.events.samples(block(0, 4));
    await until(() => odd.errors.length > 0);
    expect(odd.errors[0]).toMatch(
      /^microphone: option 'sampleRate' is 999983 for sound of 1000 Hz; wanted a rate/,
    );
  });
});
