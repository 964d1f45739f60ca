import {
  concat,
  lastValueFrom,
  map,
  repeat,
  retry,
  share,
  take,
  toArray,
  merge,
  type Observable,
} from 'rxjs';
import * as dl from 'rxtensor';
import {
  classify,
  overlapping,
  pitch,
  resample,
  specs,
  voiceActivity,
  type GivenModel,
  type NotesSpec,
  type VoiceSpec,
} from 'rxtensor/sound';
import { timeOf } from 'rxtensor/vision';
import { until } from '../../../test/support/marbles';
import { atTimes } from '../../../test/support/timed-values';

type Timed = readonly (readonly [seconds: number | null, samples: readonly number[]])[];
const chunks = (values: Timed): Observable<dl.Tensor> =>
  atTimes(values).pipe(dl.mapTensor((chunk) => dl.tensor1d([...chunk])));
const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));
const framesOf = (stream: Observable<dl.Tensor>): Promise<unknown[]> =>
  all(
    stream.pipe(
      dl.download(),
      map((frame) => [Math.round(1000 * (timeOf()?.media ?? NaN)) / 1000, ...(frame as unknown as number[])]),
    ),
  );

const voice: VoiceSpec = {
  sampleRate: 4,
  frame: 2,
  context: 1,
  input: 'x',
  output: 'p',
  states: [{ input: 'h', output: 'hn', shape: [1] }],
};
/** A model that adds up samples, and a hundred for each frame before. */
const counting: GivenModel = {
  executeAsync: (({ x, h }: Record<string, dl.Tensor>) =>
    Promise.resolve(dl.tidy(() => [dl.add(dl.sum(x!), h!.sum()), dl.add(h!, 100)]))) as never,
};
/** Four seconds, of which the third is missing. */
const gapped: Timed = [
  [0, [1, 2, 3, 4]],
  [1, [5, 6, 7]],
  [3, [10, 20, 30, 40]],
];

describe('Gaps in sound', () => {
  it('begin frames anew: none has samples of both sides', async () => {
    expect(await framesOf(chunks(gapped).pipe(overlapping({ frame: 3, hop: 2, sampleRate: 4 })))).toEqual([
      [0, 1, 2, 3],
      [0.5, 3, 4, 5],
      [1, 5, 6, 7],
      [3, 10, 20, 30],
    ]);
  });

  it('are bridged where no rate, or no time, tells them', async () => {
    const frames = await framesOf(chunks(gapped).pipe(overlapping({ frame: 3 })));
    expect(frames.length).toBe(3);
    const untimed = gapped.map(([, samples]) => [null, samples] as const);
    const found = await framesOf(chunks(untimed).pipe(overlapping({ frame: 3, sampleRate: 4 })));
    expect(found.map((frame) => (frame as number[]).slice(1))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 10, 20],
    ]);
  });

  it('are there where a medium begins again', async () => {
    const again = chunks([
      [0, [1, 2]],
      [0.5, [3]],
    ]).pipe(repeat(2));
    expect(await framesOf(again.pipe(overlapping({ frame: 2, sampleRate: 4 })))).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('begin a voice model with a silent state, and silence before', async () => {
    expect(await all(chunks(gapped).pipe(voiceActivity(counting, { spec: voice })))).toEqual([
      3, 109, 215, 30, 190,
    ]);
  });

  it('begin the averages of a classifier anew', async () => {
    const sides = (x: dl.Tensor): dl.Tensor => dl.stack([x.mean(), dl.scalar(0)]);
    const options = { labels: ['mean', 'none'], window: 3, hop: 2, smoothing: 10, sampleRate: 4 };
    const found = await all(chunks(gapped).pipe(classify(sides, options)));
    expect(found.map(([best]) => best!.score)).toEqual([2, 3, 4, 20]);
  });

  it('give all frames of what comes before one, and of what comes behind', async () => {
    const spec: NotesSpec = { ...specs.basicPitch, sampleRate: 4, window: 6, frame: 1, margin: 1, bins: 1 };
    const model: GivenModel = {
      executeAsync: ((x: dl.Tensor) =>
        Promise.resolve(dl.tidy(() => [0, 1, 2].map(() => x.reshape([1, 6, 1]).clone())))) as never,
    };
    const scored = gapped.map(([seconds, samples]) => [seconds, samples.map((x) => x / 100)] as const);
    for (const every of [1, 3, 4]) {
      const found = await all(chunks(scored).pipe(pitch(model, { spec, every, minScore: 0 })));
      expect(found.map(({ seconds, notes }) => [seconds, Math.round(100 * notes[0]!.score)]))
        .withContext(`every ${every}`)
        .toEqual([
          ...[1, 2, 3, 4, 5, 6, 7].map((x, i) => [i / 4, x]),
          ...[10, 20, 30, 40].map((x, i) => [3 + i / 4, x]),
        ]);
    }
  });

  it('are told apart from chunks that overlap, or have another rate', async () => {
    const overlap = chunks([
      [0, [1, 2, 3, 4]],
      [0.5, [3, 4, 5, 6]],
    ]);
    for (const operator of [
      overlapping({ frame: 2, sampleRate: 4 }),
      resample({ from: 4, to: 8 }),
      voiceActivity(counting, { spec: voice }),
    ] as ((source: Observable<dl.Tensor>) => Observable<unknown>)[])
      await expectAsync(all(overlap.pipe(operator))).toBeRejectedWithError(
        /^\w+: a chunk of 4 samples, 4 a second, is followed after 2; wanted chunks that do not overlap: /,
      );
    await until(() => dl.memory().numTensors === 0);
  });
});

describe('Sound as nobody expects it', () => {
  it('at each chunk are warned of where another rate would leave none', async () => {
    const warn = spyOn(console, 'warn');
    const slow = (count: number, seconds: number): Timed =>
      Array.from({ length: count }, (_, i) => [i * seconds, new Array<number>(400).fill(i)]);
    // 400 samples each 50 ms are 8000 a second.
    const atRate = (values: Timed, sampleRate: number): Promise<unknown[]> =>
      framesOf(chunks(values).pipe(overlapping({ frame: 600, sampleRate })));
    expect(await atRate(slow(6, 0.05), 16000)).toEqual([]);
    expect(warn).toHaveBeenCalledOnceWith(
      jasmine.stringMatching(/^rxtensor: overlapping: .*16000 a second; 8000 a second would/),
    );
    // The cure.
    expect((await atRate(slow(6, 0.05), 8000)).length).toBe(4);
    const cured = chunks(slow(6, 0.05)).pipe(
      resample({ from: 8000, to: 16000 }),
      overlapping({ frame: 600, sampleRate: 16000 }),
    );
    expect((await framesOf(cured)).length).toBe(8);
    // Two gaps are none of that, and neither are pieces that are far apart.
    await atRate(slow(3, 0.05), 16000);
    await atRate(slow(6, 3), 16000);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('may have empty chunks, at first, between and at the end', async () => {
    const empty: Timed = [
      [0, []],
      [0, [1, 2, 3]],
      [0.75, []],
      [0.75, [4, 5]],
      [1.25, []],
    ];
    expect(await framesOf(chunks(empty).pipe(overlapping({ frame: 2, sampleRate: 4 })))).toEqual([
      [0, 1, 2],
      [0.5, 3, 4],
    ]);
    expect(await all(chunks(empty).pipe(voiceActivity(counting, { spec: voice })))).toEqual([3, 109]);
    const resampled = await framesOf(chunks(empty).pipe(resample({ from: 4, to: 8 })));
    expect(resampled.flatMap((each) => (each as number[]).slice(1)).length).toBe(10);
  });

  it('may be left by one of two that share it, be repeated, and be taken up after a failure', async () => {
    const shared = chunks(gapped).pipe(overlapping({ frame: 2, sampleRate: 4 }), share());
    const sums = shared.pipe(
      dl.mapTensor((x) => x.sum()),
      dl.download(),
    );
    const found = await all(
      merge(
        sums.pipe(
          take(1),
          map((x) => -x),
        ),
        sums,
      ),
    );
    expect(found.filter((x) => x < 0)).toEqual([-3]);
    let fails = true;
    const failing: GivenModel = {
      executeAsync: ((inputs: never, names: never) => {
        const before = fails;
        fails = false;
        return before ? Promise.reject(new Error('lost')) : counting.executeAsync(inputs, names);
      }) as never,
    };
    const heard = chunks(gapped).pipe(voiceActivity(failing, { spec: voice }), retry(1));
    expect(await all(concat(heard, heard.pipe(take(2))))).toEqual([3, 109, 215, 30, 190, 3, 109]);
    await until(() => dl.memory().numTensors === 0);
  });

  it('is refused where a chunk has no channels', async () => {
    const none = dl.examples([0]).pipe(dl.mapTensor(() => dl.zeros([0, 5]) as dl.Tensor));
    await expectAsync(all(none.pipe(resample({ from: 4, to: 8 })))).toBeRejectedWithError(
      'resample: a chunk is float32 of shape [0,5]; wanted float32 of shape [samples] or [channels,samples]',
    );
  });

  it('is refused by a spec whose frames would not follow each other', () => {
    for (const change of [{ frame: 0 }, { context: -1 }, { sampleRate: NaN }, { states: [{}] }])
      expect(() => voiceActivity(counting, { spec: { ...voice, ...change } as VoiceSpec })).toThrowError(
        /^voiceActivity: option 'spec' is /,
      );
    for (const change of [{ margin: 100 }, { margin: -1 }, { bins: 0 }, { sampleRate: 0 }])
      expect(() => pitch(counting, { spec: { ...specs.basicPitch, ...change } })).toThrowError(
        /^pitch: option 'spec' is /,
      );
  });

  it('is an error where a model gives something else than its spec says', async () => {
    const giving = (...shapes: number[][]): GivenModel => ({
      executeAsync: (() => Promise.resolve(shapes.map((shape) => dl.ones(shape)))) as never,
    });
    const wrong = chunks([[0, [1, 2, 3, 4]]]).pipe(voiceActivity(giving([1], [3]), { spec: voice }));
    await expectAsync(all(wrong)).toBeRejectedWithError(
      "voiceActivity: output 'hn' of the model has shape [3]; wanted one number, as the 'spec' says",
    );
    const spec: NotesSpec = { ...specs.basicPitch, sampleRate: 4, window: 6, frame: 1, margin: 1 };
    const sounds = chunks([[0, [1, 2, 3, 4]]]).pipe(pitch(giving([1, 6, 2], [1, 6, 2], [1, 6, 2]), { spec }));
    await expectAsync(all(sounds)).toBeRejectedWithError(
      "pitch: output 'Identity' of the model has shape [1,6,2]; wanted [1,6,6], as the 'spec' says",
    );
    await until(() => dl.memory().numTensors === 0);
  });
});
