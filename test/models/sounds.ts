/** Sounds of which it is known what they are: speech that a synthesizer makes of texts, noise, and tunes. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, reduce } from 'rxjs';
import * as dl from 'rxtensor';
import { wav } from 'rxtensor/sound';
import { findEspeak } from '../../scripts/find-espeak';
import { numbers } from '../support/reference';

/** Speech, with a silence before and behind it that the synthesizer makes. */
export async function spoken(text: string, sampleRate: number, voice = 'en-us'): Promise<Float32Array> {
  const folder = await mkdtemp(join(tmpdir(), 'rxtensor-speech-'));
  try {
    const file = join(folder, 'speech.wav');
    execFileSync(findEspeak(), ['-v', voice, '-s', '140', '-w', file, text]);
    return await samplesOf(wav(new Blob([await readFile(file)]), { sampleRate }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** All samples of a source. */
export const samplesOf = (chunks: ReturnType<typeof wav>): Promise<Float32Array> =>
  lastValueFrom(
    chunks.pipe(
      dl.download(),
      reduce((all: Float32Array, chunk) => joined([all, chunk as unknown as Float32Array]), silence(0)),
    ),
  );

export function joined(parts: readonly ArrayLike<number>[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export const silence = (samples: number): Float32Array => new Float32Array(samples);

/** Noise of this effective amplitude, that is nearly normal. */
export function noise(samples: number, amplitude: number, seed = 1): Float32Array {
  const next = numbers(seed);
  return Float32Array.from({ length: samples }, () => {
    // Twelve even numbers from 0 to 1 have a variance of 1 together.
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += next();
    return amplitude * sum;
  });
}

/** A note of a tune. */
export interface Played {
  readonly midi: number;
  readonly start: number;
  readonly seconds: number;
}

/** A tune of tones with six harmonics that decay as those of a string do. */
export function tune(notes: readonly Played[], sampleRate: number): Float32Array {
  const end = Math.max(...notes.map(({ start, seconds }) => start + seconds));
  const samples = new Float32Array(Math.ceil((end + 0.5) * sampleRate));
  for (const { midi, start, seconds } of notes) {
    const frequency = 440 * 2 ** ((midi - 69) / 12);
    const first = Math.round(start * sampleRate);
    for (let i = 0; i < seconds * sampleRate; i++) {
      const t = i / sampleRate;
      const envelope = Math.min(1, t / 0.01) * Math.exp(-3 * t) * Math.min(1, (seconds - t) / 0.02);
      let sum = 0;
      for (let k = 1; k <= 6; k++) sum += Math.sin(2 * Math.PI * k * frequency * t) / k ** 1.5;
      samples[first + i]! += 0.25 * envelope * sum;
    }
  }
  return samples;
}
