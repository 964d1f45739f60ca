export { dct, mfcc, preEmphasis, type PreEmphasisOptions } from './cepstrum';
export { frame } from './frame';
export { logMel, melFilterbank, melSpectrogram } from './mel';
export type {
  DctOptions,
  FrameOptions,
  LogMelOptions,
  MelFilterbankOptions,
  MelSpectrogramOptions,
  MfccOptions,
  SignalConvention,
  StftOptions,
} from './options';
export { inverseStft, stft, type InverseStftOptions } from './stft';
export { hammingWindow, hannWindow, type WindowOptions } from './windows';
