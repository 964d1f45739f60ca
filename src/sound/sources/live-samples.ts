/** Sources of samples that cannot wait: microphones, calls, what a page plays. */
import type { Observable } from 'rxjs';
import { pulled, type PullOptions } from '../../streams/pulling/pull';
import type { FrameTime } from '../../streams/trail';
import type { Tensor } from '../../tensor/tensor';
import { tensorOf } from './channels';
import type { SampleBlock } from './processor';
import { sampleFrames, type SampleFrames, type SampleFraming } from './sample-frames';

/** Samples that were lost: no frame has them. */
export interface SoundGap {
  /** How many, at the rate of the frames. */
  readonly samples: number;
  /** How long they last. */
  readonly seconds: number;
  /** Where they begin, in seconds since the first sample; the next frame begins where they end. */
  readonly at: number;
  /** How many gaps there were, this one too. */
  readonly gaps: number;
  /** The seconds of all of them. */
  readonly lost: number;
}

/** What a device tells. */
export interface SampleEvents {
  readonly samples: (block: SampleBlock) => void;
  /** Says that no more will come. */
  readonly end: () => void;
  /** Says that the device has failed. The stream fails at once. */
  readonly fail: (error: unknown) => void;
}

/** An open device, or one that is being opened. */
export interface SampleDevice {
  /** Samples a second, once samples have come. */
  readonly rate: () => number;
  /** When a sample was captured, in milliseconds since 1970, by the context's time. */
  readonly captured: (contextTime: number) => number;
  /** Makes room for so many samples more. */
  readonly read: (samples: number) => void;
  readonly close: () => void;
}

/** Samples without a gap. */
interface Segment {
  /** Where it begins, in samples since the first one, and by the context's number. */
  readonly at: number;
  readonly frame: number;
  readonly frames: SampleFrames;
  /** The number of the sample that comes next. */
  next: number;
}

/** A source of the frames of a device. No frame has samples from both sides of a gap. */
export function liveSamples(
  name: string,
  open: (events: SampleEvents) => SampleDevice,
  framing: SampleFraming,
  onGap: ((gap: SoundGap) => void) | undefined,
  options: PullOptions,
): Observable<Tensor> {
  return pulled<Tensor>(
    name,
    (fail, noteDrop) => {
      const waiting: SampleBlock[] = [];
      let wake = (): void => undefined;
      let isClosed = false;
      let hasEnded = false;
      let isOver = false;
      let segment: Segment | null = null;
      let time: FrameTime | null = null;
      let gaps = 0;
      let lost = 0;
      const device = open({
        samples: (block) => {
          waiting.push(block);
          wake();
        },
        end: () => {
          hasEnded = true;
          wake();
        },
        fail: (error) => {
          if (!isClosed) fail(error);
        },
      });

      const begin = ({ at, frame }: SampleBlock): Segment => {
        const rate = device.rate();
        const frames = sampleFrames(name, rate, framing);
        if (segment) {
          const from = segment.at / rate + segment.frames.covered() / frames.rate;
          const seconds = Math.max(0, at / rate - from);
          gaps++;
          lost += seconds;
          noteDrop();
          onGap?.({ samples: Math.round(seconds * frames.rate), seconds, at: from, gaps, lost });
        }
        return { at, frame, frames, next: at };
      };
      const take = (block: SampleBlock): void => {
        const count = block.channels[0]!.length;
        device.read(count);
        if (segment?.next !== block.at) segment = begin(block);
        segment.frames.push(block.channels);
        segment.next += count;
      };
      return {
        when: 'later',
        origin: () => ({ time }),
        next: async () => {
          for (;;) {
            const taken = segment?.frames.take();
            if (segment && taken) {
              const rate = device.rate();
              const seconds = taken.at / segment.frames.rate;
              time = {
                media: segment.at / rate + seconds,
                capture: device.captured(segment.frame / rate + seconds),
              };
              return { done: false, value: tensorOf(taken.channels, framing.channels) };
            }
            const block = waiting.shift();
            if (block) take(block);
            else if (!hasEnded) await new Promise<void>((resolve) => (wake = resolve));
            else if (isOver) return { done: true, value: undefined };
            else {
              // That may bring frames.
              segment?.frames.end();
              isOver = true;
            }
          }
        },
        close: () => {
          isClosed = true;
          waiting.length = 0;
          device.close();
        },
      };
    },
    options,
  );
}
