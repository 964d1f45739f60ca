import { tensor1d, tensor2d } from '../../tensor/ops';
import type { Tensor } from '../../tensor/tensor';

/** Which channels a source gives: their mean, or all. */
export type Channels = 'mono' | 'all';

/** The mean of all channels as one, or all. */
export function mixed(channels: readonly Float32Array[], wanted: Channels): readonly Float32Array[] {
  const [first] = channels;
  if (wanted === 'all' || !first || channels.length === 1) return channels;
  // Loops: Float32Array.from() asks an iterator for each sample.
  const mean = first.slice();
  for (const samples of channels.slice(1)) for (let i = 0; i < mean.length; i++) mean[i]! += samples[i]!;
  for (let i = 0; i < mean.length; i++) mean[i]! /= channels.length;
  return [mean];
}

/** Samples that are stored one of each channel after the other, as an array for each channel. */
export function parted(samples: Float32Array, channels: number): Float32Array[] {
  if (channels === 1) return [samples];
  const length = samples.length / channels;
  return Array.from({ length: channels }, (_, c) => {
    const own = new Float32Array(length);
    for (let i = 0; i < length; i++) own[i] = samples[i * channels + c]!;
    return own;
  });
}

/** Samples as a tensor: [samples], or [channels, samples] for all channels. */
export function tensorOf(channels: readonly Float32Array[], wanted: Channels): Tensor {
  const [first] = channels as [Float32Array];
  if (wanted === 'mono') return tensor1d(first);
  const all = new Float32Array(channels.length * first.length);
  channels.forEach((samples, c) => all.set(samples, c * first.length));
  return tensor2d(all, [channels.length, first.length]);
}
