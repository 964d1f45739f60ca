/**
 * Sound: Fourier transforms with gradients, spectrograms and what models of sound take, sources of samples, and operators that cut them into frames.
 *
 * @module rxtensor/sound
 * @experimental
 */
export { angle, complex, complexAbs, imag, real } from './complex-values';
export {
  fft,
  fft2d,
  ifft,
  ifft2d,
  irfft,
  rfft,
  type Fourier2dOptions,
  type FourierNorm,
  type FourierOptions,
} from './fourier/fft';
export { classify, type ClassifyOptions, type SoundClassifier } from './operators/classify';
export { decisions, type Decision, type DecisionsOptions } from './operators/decisions';
export { notes, type Note, type NotesOptions } from './operators/notes';
export { overlapping, type OverlappingOptions } from './operators/overlapping';
export { pitch, type HeardNote, type HeardNotes, type PitchOptions } from './operators/pitch';
export { resample, type ResampleOptions } from './operators/resample';
export { spectrogram, type SpectrogramKind, type SpectrogramOptions } from './operators/spectrogram';
export { voiceActivity, type VoiceActivityOptions } from './operators/voice-activity';
export { specs, type NotesSpec, type VoiceSpec } from './models/specs';
export type { Labelled } from '../streams/data/top-labels';
export type { GivenModel } from '../models/given-model';
export { audioFrames, type AudioFramesOptions, type AudioFramesSource } from './sources/audio-frames';
export type { Channels } from './sources/channels';
export type { AudioBufferLike } from './sources/decoded-pieces';
export type { SoundGap } from './sources/live-samples';
export { microphone, microphones, type MicrophoneConstraints } from './sources/microphone';
export type { LiveSoundOptions, SoundForm } from './sources/sample-options';
export { wav, type WavOptions } from './sources/wav';
/** Frames, windows, spectrograms and what is computed of them, by the conventions of librosa or TensorFlow. */
export * as signal from './signal';
