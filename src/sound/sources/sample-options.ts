import { pullOptions, type PullOptions } from '../../streams/pulling/pull';
import { isIntegerFrom } from '../../tensor/argument';
import { isOneOf, type OptionNames, type OptionRules } from '../../tensor/options';
import type { Channels } from './channels';
import type { SoundGap } from './live-samples';
import type { ListenOptions } from './listen';
import type { SampleFraming } from './sample-frames';

/** How frames are cut, and what happens while there is no room for them: of {@link microphone} and {@link audioFrames}. */
export interface LiveSoundOptions extends PullOptions {
  /** The samples of a frame; 1024 by default. */
  readonly frame?: number;
  /** The samples from the beginning of a frame to that of the next; `frame` by default, so that frames do not overlap. */
  readonly hop?: number;
  /**
   * How many seconds of samples wait at most while there is no room for a frame; 5 by default, and two frames at least. When it is full, samples are dropped until half of it
   * is free.
   */
  readonly ring?: number;
  /** Called when samples were lost, as the first frame behind them is made. */
  readonly onGap?: (gap: SoundGap) => void;
  /** The address of the package's file `sound-worklet.js`, for pages whose Content-Security-Policy forbids scripts of blobs. */
  readonly worklet?: string | URL;
}

/** The form of samples. */
export interface SoundForm {
  /** The samples a second that are wanted; those of the source by default. Tones above half of either rate are weakened by 80 dB or more. */
  readonly sampleRate?: number | null;
  /** 'mono', the mean of all channels, as by default, or 'all'. */
  readonly channels?: Channels;
}

const isPositive = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;
const isCount = (value: unknown): boolean => isIntegerFrom(value, 1);

export const formRules: OptionRules<SoundForm> = {
  sampleRate: [
    (value: unknown): boolean => value === null || isCount(value),
    'a positive integer, or null for that of the source',
  ],
  channels: isOneOf(['mono', 'all']),
};

type Checked = Omit<LiveSoundOptions, keyof PullOptions>;
export const liveSoundRules: OptionRules<Checked> = {
  frame: [isCount, 'a positive integer'],
  hop: [isCount, 'a positive integer'],
  ring: [isPositive, 'a positive number of seconds'],
  onGap: [(value: unknown): boolean => typeof value === 'function', 'a function'],
  worklet: [
    (value: unknown): boolean => (typeof value === 'string' && value !== '') || value instanceof URL,
    'the address of rxtensor/sound-worklet.js',
  ],
};
export const liveSoundOptions: OptionNames<LiveSoundOptions> = { ...pullOptions, ...liveSoundRules };

/** How samples are cut by these options. */
export function framingOf(
  { sampleRate = null, channels = 'mono' }: SoundForm,
  { frame = 1024, hop = frame }: LiveSoundOptions,
  ending: SampleFraming['ending'],
): SampleFraming {
  return { frame, hop, sampleRate, channels, ending };
}

/** The seconds of samples of a message: half of what lies between two frames, so that few messages are needed and none is waited for long. */
const blockOf = (step: number): number => Math.min(0.04, Math.max(0.01, step / 2));

/** How samples come to the page by these options. */
export function listeningOf(
  { frame, hop, sampleRate }: SampleFraming,
  { ring = 5, worklet }: LiveSoundOptions,
): ListenOptions {
  const seconds = (samples: number) => (rate: number) => samples / (sampleRate ?? rate);
  const step = seconds(hop);
  return { ring, worklet, least: seconds(2 * frame), block: (rate) => blockOf(step(rate)) };
}
