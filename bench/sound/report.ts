import { milliseconds } from '../milliseconds';
import { cases, type CaseName, type MicrophoneCost, type SideName, type SoundTimes } from './case';

const MUST = 1;
const AIM = 2;
/** Of a core. */
const MOST_FOR_MICROPHONE = 0.1;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const isOurs = (side: SideName): boolean => side.startsWith('ours');

/** docs/benchmarks-sound.md. */
export function soundMarkdown(
  results: readonly SoundTimes[],
  microphone: MicrophoneCost,
  machine: string,
  rounds: number,
): string {
  const of = (name: CaseName): readonly SoundTimes[] => results.filter((result) => result.case === name);
  const best = (name: CaseName): number =>
    Math.min(
      ...of(name)
        .filter(({ side }) => !isOurs(side))
        .map(({ times }) => median(times)),
    );
  const rows = results.map(({ case: name, side, times }) => {
    const ratio = isOurs(side) ? `**×${(best(name) / median(times)).toPrecision(3)}**` : '';
    const note = times.length === 1 ? ' (one run)' : '';
    return `| ${cases[name].what} | ${side} | ${milliseconds(median(times))}${note} | ${ratio} |`;
  });
  const missed = [
    ...(Object.keys(cases) as CaseName[]).filter(
      (name) =>
        Math.min(
          ...of(name)
            .filter(({ side }) => isOurs(side))
            .map(({ times }) => median(times)),
        ) *
          MUST >
        best(name),
    ),
    ...(microphone.share > MOST_FOR_MICROPHONE ? ['microphone'] : []),
  ];
  return `# Benchmarks: sound

See here how long transforms and spectrograms take beside other packages, and how much of a core a microphone costs whose sound goes through a model.

Written by \`npm run bench -- --sound\` on ${machine}, in Chromium: all sides in one page, one run each in turn, ${rounds} rounds; a cell is the median. A run ends with a read of two values as a
result of their own, and all sides must agree about them. What takes longer than 4 s is run once. fft.js and KissFFT (compiled to WebAssembly) transform row after row into memory that was
there before; ours and TensorFlow.js make a tensor of all rows. TensorFlow.js 4.22 has no transform on its WebAssembly backend, so it runs on its two others; its spectrogram on
the CPU would take minutes, and is left out. WebGL is SwiftShader, a program: there our CPU backend is the default.

Asked: at least as fast as the best of the others, aim ${AIM} times; a microphone with spectra and a model within ${percent(MOST_FOR_MICROPHONE)} of a core, what the browser itself needs included. Not reached, by our better backend: ${missed.join(', ') || 'nothing'}.

| case | side | ms | times the best other |
| --- | --- | --- | --- |
${rows.join('\n')}

## A microphone

\`microphone({ sampleRate: 16000 })\` → \`spectrogram({ kind: 'logMel', frame: 400, hop: 160, mels: 32 })\` → \`slidingWindow(76, { stride: 8 })\` → \`predict(model)\`, on the CPU backend. The model is openWakeWord's
embedding, a network of 20 convolutions; it answers each 80 ms. The time is what all threads of the page's process were busy, the audio thread among them, over 20 seconds of Chromium's fake
microphone, from 12 seconds after it was opened on: the median of ${microphone.shares.length} rounds, in which the three take turns, each in a page of its own. The rounds of the first gave ${microphone.shares.map(percent).join(', ')}.

| | of one core |
| --- | --- |
| ${microphone.spectraPerSecond.toFixed(0)} spectra and ${microphone.answersPerSecond.toFixed(1)} answers a second | **${percent(microphone.share)}** |
| the same in the 12 seconds before, from its opening on | ${percent(microphone.beginning)} |
| frames of 80 ms, of which nothing is made | ${percent(microphone.frames)} |
| a page without this library, with the microphone in a worklet that does nothing | ${percent(microphone.browser)} |
| so this library adds | ${percent(microphone.share - microphone.browser)} |

Sound that was lost: ${microphone.lost.toFixed(2)} s.
`;
}
