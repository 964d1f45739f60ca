import { mixed, type Channels } from './channels';
import { frameCutter } from './frame-cutter';
import { canResample, resampler, type Resampler } from './resampler';

/** How samples become frames. */
export interface SampleFraming {
  readonly frame: number;
  readonly hop: number;
  /** Samples a second of the frames; null: those of what comes in. */
  readonly sampleRate: number | null;
  readonly channels: Channels;
  /** What becomes of samples at the end that fill no frame. */
  readonly ending: 'dropped' | 'shorter' | 'padded';
}

/** A frame, and where it begins: how many samples of the frames' rate come before it. */
export interface SampleFrame {
  readonly channels: readonly Float32Array[];
  readonly at: number;
}

/** Turns samples without a gap into frames. */
export interface SampleFrames {
  /** Samples a second of the frames. */
  readonly rate: number;
  readonly push: (channels: readonly Float32Array[]) => void;
  /** Says that no more samples come. */
  readonly end: () => void;
  /** The next frame, or null while there is none. */
  readonly take: () => SampleFrame | null;
  /** The place of the first sample that no frame had or skipped so far. */
  readonly covered: () => number;
}

/**
 * Makes frames of samples that come at a rate: mixed, resampled and cut.
 *
 * @throws when no table of filters of a reasonable size changes the rate
 */
export function sampleFrames(
  name: string,
  rate: number,
  { frame, hop, sampleRate, channels: wanted, ending }: SampleFraming,
): SampleFrames {
  const to = sampleRate ?? rate;
  if (to !== rate && !canResample(rate, to))
    throw new Error(
      `${name}: option 'sampleRate' is ${to} for sound of ${rate} Hz; wanted a rate whose ratio to it has smaller terms, as 16000`,
    );
  const cutter = frameCutter(frame, hop);
  let changers: readonly Resampler[] = [];
  let isOver = false;
  let count = 0;
  const padded = (samples: Float32Array): Float32Array => {
    const whole = new Float32Array(frame);
    whole.set(samples);
    return whole;
  };
  const last = (): readonly Float32Array[] | null => {
    const rest = isOver && ending !== 'dropped' ? cutter.rest() : null;
    return rest && ending === 'padded' ? rest.map(padded) : rest;
  };
  return {
    rate: to,
    push: (given) => {
      const parts = mixed(given, wanted);
      if (changers.length === 0) changers = parts.map(() => resampler(rate, to));
      cutter.push(parts.map((samples, c) => changers[c]!.push(samples)));
    },
    end: () => {
      cutter.push(changers.map((changer) => changer.end()));
      isOver = true;
    },
    take: () => {
      const channels = cutter.take() ?? last();
      return channels && { channels, at: hop * count++ };
    },
    covered: () => (count === 0 ? 0 : hop * (count - 1) + Math.max(frame, hop)),
  };
}
