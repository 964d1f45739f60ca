/** What public models of sound take and give: plain data, which voiceActivity() and pitch() follow. */

/** A model that tells speech from everything else, one short frame after the other, and carries a state. */
export interface VoiceSpec {
  /** The samples a second that it takes. */
  readonly sampleRate: number;
  /** The samples of a frame. */
  readonly frame: number;
  /** The samples before the frame that it takes too. */
  readonly context: number;
  /** The input for [1, context + frame] samples. */
  readonly input: string;
  /** What it carries from frame to frame: the name of the input, that of the output, and the shape. */
  readonly states: readonly {
    readonly input: string;
    readonly output: string;
    readonly shape: readonly number[];
  }[];
  /** The input that takes the sampling rate, where it has one. */
  readonly rate?: string;
  /** The output: the probability of speech. */
  readonly output: string;
}

/** A model that hears which notes sound, several at once, in windows that are divided into frames. */
export interface NotesSpec {
  /** The samples a second that it takes. */
  readonly sampleRate: number;
  /** The samples of a window, of which it takes [1, window, 1]. */
  readonly window: number;
  /** The samples of a frame: it gives one row for each. */
  readonly frame: number;
  /** The frames at either end of a window that are not used: the model knows little of what is around them. */
  readonly margin: number;
  /** The number of the lowest note, as MIDI counts them: 69 is 440 Hz. */
  readonly lowest: number;
  /** The output [1, frames, notes]: how likely each note sounds. */
  readonly sounding: string;
  /** The output [1, frames, notes]: how likely each note begins. */
  readonly onset: string;
  /** The output [1, frames, notes × bins]: how likely each of so many parts of a semitone sounds. */
  readonly contour: string;
  /** The parts of a semitone. */
  readonly bins: number;
}

/** Silero's detectors of voices, versions 5 and 6. @see https://github.com/snakers4/silero-vad */
const silero: VoiceSpec = {
  sampleRate: 16000,
  frame: 512,
  context: 64,
  input: 'input',
  states: [{ input: 'state', output: 'stateN', shape: [2, 1, 128] }],
  rate: 'sr',
  output: 'output',
};

/** Version 4. */
const sileroLegacy: VoiceSpec = {
  sampleRate: 16000,
  frame: 512,
  context: 0,
  input: 'input',
  states: [
    { input: 'h', output: 'hn', shape: [2, 1, 64] },
    { input: 'c', output: 'cn', shape: [2, 1, 64] },
  ],
  rate: 'sr',
  output: 'output',
};

/** Spotify's Basic Pitch (Bittner et al., "A Lightweight Instrument-Agnostic Model for Polyphonic Note Transcription", ICASSP 2022). */
const basicPitch: NotesSpec = {
  sampleRate: 22050,
  window: 43844,
  frame: 256,
  margin: 15,
  lowest: 21,
  sounding: 'Identity_1',
  onset: 'Identity_2',
  contour: 'Identity',
  bins: 3,
};

/** The public models that were run with this library on real sounds. */
export const specs = { silero, sileroLegacy, basicPitch };
