import { lastValueFrom, map, toArray, type Observable } from 'rxjs';
import * as dl from 'rxtensor';
import {
  classify,
  pitch,
  specs,
  voiceActivity,
  type ClassifyOptions,
  type GivenModel,
  type NotesSpec,
  type VoiceSpec,
} from 'rxtensor/sound';
import { timeOf } from 'rxtensor/vision';
import { until } from '../../../test/support/marbles';
import { atTimes, withTimes } from '../../../test/support/timed-values';

/** A model whose outputs are computed from its inputs. */
const modelOf = (
  outputs: (inputs: Record<string, dl.Tensor> & dl.Tensor) => dl.Tensor[],
): GivenModel & { asked: unknown[] } => {
  const asked: unknown[] = [];
  return {
    asked,
    executeAsync: (async (inputs: Record<string, dl.Tensor> & dl.Tensor, names: string | string[]) => {
      asked.push(names);
      await Promise.resolve();
      const found = dl.tidy(() => outputs(inputs));
      return typeof names === 'string' ? found[0] : found;
    }) as GivenModel['executeAsync'],
  };
};

/** Chunks of samples that begin so many seconds after each other. */
const chunks = (values: readonly (readonly number[])[], seconds: number): Observable<dl.Tensor> =>
  withTimes(values, seconds).pipe(dl.mapTensor((chunk) => dl.tensor1d([...chunk])));

/** Chunks that follow each other, so many samples a second. */
const joined = (values: readonly (readonly number[])[], rate: number): Observable<dl.Tensor> => {
  let at = 0;
  const timed = values.map((samples) => ({ samples, seconds: (at += samples.length) / rate }));
  return atTimes(
    timed.map(({ samples, seconds }) => [seconds - samples.length / rate, samples] as const),
  ).pipe(dl.mapTensor((chunk) => dl.tensor1d([...chunk])));
};

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));

describe('voiceActivity', () => {
  const spec: VoiceSpec = {
    sampleRate: 4,
    frame: 4,
    context: 2,
    input: 'x',
    rate: 'rate',
    output: 'p',
    states: [{ input: 'h', output: 'hn', shape: [1, 2] }],
  };
  /** The sum of all samples, with twice the state; the state counts frames. */
  const model = modelOf(({ x, h, rate }) => [
    dl.add(dl.sum(x!), dl.mul(dl.sum(h!), 1000)).add(rate!.toFloat().mul(100)),
    dl.add(h!, 0.5),
  ]);

  it('gives the model each frame with what was before it, and its state', async () => {
    const stream = joined([[1, 2, 3], [4, 5, 6, 7, 8], [9]], 4);
    // 1 + 2 + 3 + 4; then 3 + 4 and 5 + 6 + 7 + 8: what follows is no whole frame.
    expect(await all(stream.pipe(voiceActivity(model, { spec })))).toEqual([410, 1433]);
    expect(model.asked.at(-1)).toEqual(['p', 'hn']);
    // Each subscription begins with silence.
    expect(await all(stream.pipe(voiceActivity(model, { spec })))).toEqual([410, 1433]);
  });

  it('gives a frame the time of its first sample', async () => {
    const stream = joined([[1, 2, 3], [4, 5, 6, 7, 8], [9]], 4);
    expect(
      await all(
        stream.pipe(
          voiceActivity(model, { spec }),
          map(() => timeOf()!.media),
        ),
      ),
    ).toEqual([0, 1]);
  });

  it('says what is wrong', async () => {
    expect(() => voiceActivity({} as GivenModel)).toThrowError(
      "voiceActivity: argument 'model' is an object; wanted a model, as loadGraphModel() of rxtensor/models gives",
    );
    expect(() => voiceActivity(model, { spec: specs.basicPitch as unknown as VoiceSpec })).toThrowError(
      /^voiceActivity: option 'spec' is an object; wanted one of specs, as specs.silero/,
    );
    const stereo = withTimes([0], 1).pipe(dl.mapTensor(() => dl.zeros([2, 8]) as dl.Tensor));
    await expectAsync(all(stereo.pipe(voiceActivity(model, { spec })))).toBeRejectedWithError(
      "voiceActivity: samples are float32 of shape [2,6]; wanted float32 of shape [samples], from −1 to 1: one channel, as sources give it with channels: 'mono', or x.mean(0)",
    );
    const broken = modelOf(() => {
      throw new Error('no memory');
    });
    await expectAsync(
      all(chunks([[1, 2, 3, 4]], 1).pipe(voiceActivity(broken, { spec }))),
    ).toBeRejectedWithError('no memory');
  });
});

describe('classify', () => {
  const labels = ['low', 'high'];
  const sides = (x: dl.Tensor): dl.Tensor => dl.stack([dl.neg(x).relu().mean(), x.relu().mean()]);
  const options: ClassifyOptions = { labels, window: 4, hop: 2, sampleRate: 4 };
  const values = [
    [1, 1, 1],
    [1, -1, -1],
    [-1, -1],
  ];

  it('gives the classes of each window, the best first, with the time of its last sample', async () => {
    const found = await all(
      chunks(values, 0.75).pipe(
        classify(sides, options),
        map((list) => [timeOf()!.media, ...list.map(({ label, score }) => `${label} ${score}`)]),
      ),
    );
    expect(found).toEqual([
      [0.75, 'high 1', 'low 0'],
      [1.25, 'low 0.5', 'high 0.5'],
      [1.75, 'low 1', 'high 0'],
    ]);
  });

  it('averages over windows, and takes logits', async () => {
    const best = async (given: Partial<ClassifyOptions>) =>
      (await all(chunks(values, 1).pipe(classify(sides, { ...options, ...given })))).map(([first]) => [
        first!.label,
        Math.round(100 * first!.score) / 100,
      ]);
    expect(await best({ smoothing: 2 })).toEqual([
      ['high', 1],
      ['high', 0.75],
      ['low', 0.75],
    ]);
    expect(await best({ activation: 'softmax', hop: 4 })).toEqual([
      ['high', 0.73],
      ['low', 0.73],
    ]);
  });

  it('runs a loaded model on the features of a window', async () => {
    const model = { ...modelOf((x) => [sides(x)]), outputs: [{ name: 'probabilities' }] };
    const shapes: number[][] = [];
    const features = (window: dl.Tensor): dl.Tensor => {
      shapes.push([...window.shape]);
      return window.square().mul(window).expandDims(0);
    };
    const found = await all(chunks(values, 1).pipe(classify(model, { ...options, features, count: 1 })));
    expect(found.map((list) => list.map(({ label }) => label))).toEqual([['high'], ['low'], ['low']]);
    expect(shapes).toEqual([[4], [4], [4]]);
    expect(model.asked).toEqual(['probabilities', 'probabilities', 'probabilities']);
    await all(chunks(values, 1).pipe(classify(model, { ...options, output: 'other' })));
    expect(model.asked.at(-1)).toBe('other');
  });

  it('takes a function that gives promises', async () => {
    const later = async (x: dl.Tensor): Promise<dl.Tensor> => {
      const scores = await x.data();
      return dl.tensor1d([scores[0]!, 1 - scores[0]!]);
    };
    const found = await all(chunks(values, 1).pipe(classify(later, options)));
    expect(found.map(([best]) => best!.label)).toEqual(['low', 'low', 'high']);
  });

  it('says what is wrong', async () => {
    expect(() => classify(sides, { labels } as unknown as ClassifyOptions)).toThrowError(
      "classify: option 'window' is missing; wanted a positive integer",
    );
    expect(() => classify(sides, { ...options, labels: [] })).toThrowError(
      /^classify: option 'labels' is .*; wanted a list of texts, one for each class$/,
    );
    expect(() => classify(3 as never, options)).toThrowError(
      "classify: argument 'model' is 3; wanted a model, as loadGraphModel() of rxtensor/models gives, or a function",
    );
    const run = (model: Parameters<typeof classify>[0]) =>
      all(chunks(values, 1).pipe(classify(model, options)));
    await expectAsync(run(modelOf((x) => [sides(x)]))).toBeRejectedWithError(
      "classify: option 'output' is missing; wanted the name of the model's output",
    );
    await expectAsync(run((x) => x)).toBeRejectedWithError(
      "classify: the model gives shape [1,4]; wanted 2 numbers, one for each of the 'labels'",
    );
    await expectAsync(run(() => 3 as never)).toBeRejectedWithError(
      /^classify: argument 'model' is .*; wanted a function that gives a tensor/,
    );
    await expectAsync(
      all(chunks(values, 1).pipe(classify(sides, { ...options, features: () => [1] as never }))),
    ).toBeRejectedWithError("classify: option 'features' gives [1]; wanted a tensor");
    // A device may still read for the window behind the one that failed.
    await until(() => dl.memory().numTensors === 0);
  });
});

describe('pitch', () => {
  const spec: NotesSpec = {
    sampleRate: 8,
    window: 12,
    frame: 2,
    margin: 1,
    lowest: 68,
    sounding: 's',
    onset: 'o',
    contour: 'c',
    bins: 1,
  };
  /** Two notes: the first as loud as a frame, the second never sounds. */
  const model = modelOf((x) => {
    const loud = x.reshape([6, 2]).max(1).reshape([1, 6, 1]);
    const both = dl.pad(loud, [
      [0, 0],
      [0, 0],
      [0, 1],
    ]);
    return [both, dl.mul(both, 0.5), both.clone()];
  });
  const signal = Array.from({ length: 21 }, (_, i) => (i % 2 ? 0 : (1 + i / 2) / 16));

  it('gives each frame of the signal once, in its time, whatever the chunks and however often it looks', async () => {
    for (const every of [undefined, 1, 3])
      for (const length of [1, 5, 21]) {
        const parts = Array.from({ length: Math.ceil(21 / length) }, (_, i) =>
          signal.slice(i * length, (i + 1) * length),
        );
        const found = await all(
          chunks(parts, length / 8).pipe(
            pitch(model, { spec, every }),
            map(({ seconds, notes }) => {
              expect(timeOf()!.media).toBeCloseTo(seconds, 6);
              return [seconds, ...notes.map(({ midi, score, onset }) => [midi, score, onset])];
            }),
          ),
        );
        expect(found)
          .withContext(`every ${every}, chunks of ${length}`)
          .toEqual(
            Array.from({ length: 11 }, (_, i) => [
              i / 4,
              ...((i + 1) / 16 >= 0.1 ? [[68, (i + 1) / 16, (i + 1) / 32]] : []),
            ]),
          );
      }
  });

  it('counts seconds from the first sample where the source tells no time', async () => {
    const untimed = dl.examples([signal]).pipe(dl.mapTensor((chunk) => dl.tensor1d(chunk)));
    const found = await all(untimed.pipe(pitch(model, { spec, minScore: 0 })));
    expect(found.map(({ seconds }) => seconds)).toEqual(Array.from({ length: 11 }, (_, i) => i / 4));
    expect(found[3]!.notes.map(({ midi }) => midi)).toEqual([68, 69]);
    expect(
      await all(
        dl.examples([] as number[][]).pipe(
          dl.mapTensor((x) => dl.tensor1d(x)),
          pitch(model, { spec }),
        ),
      ),
    ).toEqual([]);
  });

  it('tells a frequency between notes by the parts of a semitone', async () => {
    const parts = { ...spec, bins: 3 };
    const bent = modelOf(() => {
      const sounds = dl.tile(dl.tensor3d([[[0, 1]]]), [1, 6, 1]);
      const contours = dl.tile(dl.tensor3d([[[0, 0, 0, 0, 1, 1]]]), [1, 6, 1]);
      return [sounds, sounds.clone(), contours];
    });
    const [first] = await all(chunks([[0, 0]], 1).pipe(pitch(bent, { spec: parts })));
    // Between the note itself and the part above it: a sixth of a semitone.
    expect(first!.notes[0]!.frequency).toBeCloseTo(440 * 2 ** (1 / 6 / 12), 3);
  });

  it('says what is wrong', async () => {
    expect(() => pitch(model, { spec, every: 5 })).toThrowError(
      "pitch: option 'every' is 5; wanted a positive integer, at most as many frames as a window has without its margins",
    );
    const whole = dl.examples([1]).pipe(dl.mapTensor(() => dl.zeros([8], 'int32') as dl.Tensor));
    await expectAsync(all(whole.pipe(pitch(model, { spec })))).toBeRejectedWithError(
      /^pitch: samples are int32 of shape \[12\]; wanted float32/,
    );
  });
});
