// `npm run examples:recording`: makes the recording that the page Listen plays where there is no microphone: speech by eSpeak NG, then the beginning of Beethoven's "Ode to
// Joy" (1824, in the public domain) by tones of this project. It needs lame (Debian: apt-get install lame).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joined, silence, spoken, tune } from '../test/models/sounds';
import { wavFile } from '../test/support/wav-file';

const FILE = 'examples/page/recording/speech-and-melody.mp3';
const RATE = 22050;
const QUARTER = 0.42;
const MELODY = [64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64];

const speech = await spoken('Hello. This tab hears that I am speaking. Now, a melody.', RATE);
const melody = tune(
  [
    ...MELODY.map((midi, i) => ({ midi, start: i * QUARTER, seconds: QUARTER })),
    { midi: 64, start: 12 * QUARTER, seconds: 1.5 * QUARTER },
    { midi: 62, start: 13.5 * QUARTER, seconds: 0.5 * QUARTER },
    { midi: 62, start: 14 * QUARTER, seconds: 2 * QUARTER },
  ],
  RATE,
);
const samples = joined([silence(RATE / 2), speech, silence(RATE / 2), melody, silence(RATE / 2)]);
const folder = mkdtempSync(join(tmpdir(), 'rxtensor-recording-'));
const file = join(folder, 'recording.wav');
writeFileSync(file, new Uint8Array(await wavFile(samples, RATE).arrayBuffer()));
const { status, stderr } = spawnSync('lame', ['--quiet', '-m', 'm', '-b', '64', file, FILE], {
  encoding: 'utf8',
});
rmSync(folder, { recursive: true });
if (status !== 0) throw new Error(`lame failed: ${stderr}`);
console.log(`${FILE}: ${(samples.length / RATE).toFixed(1)} s`);
