/** Samples of one channel as a WAV file of floats. */
export function wavFile(samples: Float32Array, sampleRate: number): Blob {
  const bytes = samples.byteLength;
  const head = [
    ...[0x46464952, 36 + bytes, 0x45564157, 0x20746d66, 16, 0x00010003],
    ...[sampleRate, 4 * sampleRate, 0x00200004, 0x61746164, bytes],
  ];
  return new Blob([Uint32Array.from(head), samples as Float32Array<ArrayBuffer>], { type: 'audio/wav' });
}
