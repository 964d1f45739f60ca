import type { OperatorFunction } from 'rxjs';
import { joinedTrails, noTrail, withObstacle, type Trail } from '../../streams/trail';
import { trailNow } from '../../streams/emission';
import { operator, type Output } from '../../streams/operator';
import type { Held } from '../../streams/ownership/held-values';
import { concat, slice, zeros } from '../../tensor/ops';
import { tidy } from '../../tensor/scope';
import { formatShape } from '../../tensor/shape';
import { sameShape } from '../../kernels';
import { Tensor } from '../../tensor/tensor';
import { wrongArgument } from '../../tensor/argument';
import { gapFinder, type TimedChunk } from './gaps';

/** Where a frame lies in samples without a gap. */
export interface FramePlace {
  /** How many frames came before it. */
  readonly index: number;
  /** How many samples have come, silence apart. */
  readonly received: number;
}

/** How chunks are cut. */
export interface Framing<K = null> {
  readonly frame: number;
  readonly hop: number;
  /** Samples a second; null: frames have the time of the chunk that completed them. */
  readonly sampleRate: number | null;
  /** Samples of silence before the first one; 0 when left out. */
  readonly lead?: number;
  /** The sample of a frame whose time the frame has; the first when left out. */
  readonly timedBy?: number;
  /** Samples of silence behind the last one; 0 when left out. */
  readonly tail?: number;
  /** Makes what every frame needs, once a subscription. */
  readonly keep?: () => K;
}

/** The most frames that are computed at once. */
const MOST_FRAMES = 64;

const obstacle = (name: string): string => `${name}() keeps the samples that further frames begin with`;

/** @throws unless a chunk has samples as the ones before */
function assertChunk(name: string, given: unknown, before: Tensor | undefined): asserts given is Tensor {
  if (!(given instanceof Tensor)) throw wrongArgument(name, 'value', given, 'a tensor […, samples]');
  const chunk = given as Tensor;
  chunk.assertUsable(name, 'value');
  const { shape, dtype } = chunk;
  const outer = before?.shape.slice(0, -1);
  if (shape.length === 0 || (outer && !sameShape(shape.slice(0, -1), outer)))
    throw new Error(
      `${name}: a chunk has shape ${formatShape(shape)}; wanted ${outer?.length ? `[${String(outer)},samples]` : '[samples]'}${outer ? ', as in the chunks before it' : ''}`,
    );
  if (before && before.dtype !== dtype)
    throw new Error(`${name}: a chunk is ${dtype}; wanted ${before.dtype}, as the chunks before it`);
}

/** The trail of what was `samples` before the chunk that brought the trail. */
export function earlier(trail: Trail, samples: number, sampleRate: number | null): Trail {
  if (!trail.time || sampleRate === null || samples === 0) return trail;
  const seconds = samples / sampleRate;
  const time = { media: trail.time.media - seconds, capture: trail.time.capture - 1000 * seconds };
  return joinedTrails({ ...noTrail, time }, trail);
}

/**
 * An operator that cuts chunks of any length into frames, and makes something of each, from the samples of all frames that have come: `make` is called for many of them at once, and
 * `pick` takes what it has made of one. What is left waits for the next chunk. Where the times of chunks say that samples are
 * missing, or that a medium begins again, frames begin anew: none has samples of both sides.
 */
export function framedTogether<M extends Tensor, R, K = null>(
  name: string,
  framing: Framing<K>,
  make: (samples: Tensor, kept: K) => M,
  pick: (made: M, frame: number) => R,
): OperatorFunction<Tensor, R> {
  const { frame, hop } = framing;
  return frames(name, framing, (output) => {
    let made: Held<M> | null = null;
    /** Where the first of the frames lies that `made` is of, and how many they are. */
    let first = 0;
    let count = 0;
    return {
      make: ({ value, from, kept }) => {
        if (!made || (from - first) / hop >= count) {
          made?.release();
          first = from;
          count = Math.min(MOST_FRAMES, 1 + Math.floor((value.shape.at(-1)! - from - frame) / hop));
          made = output.hold(make(samplesAt(value, from, (count - 1) * hop + frame), kept));
        }
        return pick(made.value, (from - first) / hop);
      },
      // What is held next begins elsewhere.
      moved: () => {
        made?.release();
        made = null;
      },
    };
  });
}

/** As {@link framedTogether}, frame by frame. */
export const framed = <R, K = null>(
  name: string,
  framing: Framing<K>,
  make: (frame: Tensor, place: FramePlace, kept: K) => R,
): OperatorFunction<Tensor, R> =>
  frames(name, framing, () => ({
    make: ({ value, from, place, kept }) => make(samplesAt(value, from, framing.frame), place, kept),
    moved: () => undefined,
  }));

/** Some of the samples. */
function samplesAt(x: Tensor, from: number, count: number): Tensor {
  const outer = x.shape.slice(0, -1);
  return slice(x, [...outer.map(() => 0), from], [...outer, count]);
}

/** A frame that is complete: where it begins in the samples that are held. */
interface Complete<K> {
  readonly value: Tensor;
  readonly from: number;
  readonly place: FramePlace;
  readonly kept: K;
}

/** What is made of frames. */
interface Making<R, K> {
  /** Makes it of one. */
  readonly make: (complete: Complete<K>) => R;
  /** Told when other samples are held, and at the end. */
  readonly moved: () => void;
}

function frames<R, K>(
  name: string,
  { frame, hop, sampleRate, lead = 0, timedBy = 0, tail = 0, keep }: Framing<K>,
  makingOf: (output: Output<R>) => Making<R, K>,
): OperatorFunction<Tensor, R> {
  return operator<Tensor, R>(name, (output) => {
    /** The samples that are not used up, and those before them that are skipped. */
    let held: Held<Tensor> | null = null;
    let start = 0;
    const { make, moved } = makingOf(output);
    const isBehindGap = gapFinder(name, sampleRate);
    let latest: TimedChunk | null = null;
    /** Frames and samples since the last gap. */
    let index = 0;
    let received = 0;
    let needed: Held<K> | null = null;
    const kept = (): K => (needed ??= tidy(() => output.hold(keep!()))).value;

    /** Takes further samples, which begin `behind` samples behind the chunk of the trail. */
    const take = (chunk: Tensor, trail: Trail, behind: number): void => {
      const before = held;
      const extent = before ? before.value.shape.at(-1)! : 0;
      const rest = Math.max(0, extent - start);
      const current = tidy(name, () =>
        output.hold(
          before && rest > 0 ? concat([samplesAt(before.value, start, rest), chunk], -1) : chunk.clone(),
        ),
      );
      moved();
      held = current;
      start = Math.max(0, start - extent);
      before?.release();
      const { value } = current;
      const length = value.shape.at(-1)!;
      // A subscriber may feed a further chunk meanwhile: then that call emits what follows.
      while (output.isOpen() && held === current && length - start >= frame) {
        const from = start;
        start += hop;
        const place = { index: index++, received };
        output.emit(
          () => make({ value, from, place, kept: keep ? kept() : (null as K) }),
          withObstacle(earlier(trail, rest - from - timedBy - behind, sampleRate), obstacle(name)),
        );
      }
      if (held === current) moved();
    };
    /** Takes silence as long as the samples are. */
    const takeSilence = (like: Tensor, count: number, trail: Trail, behind: number): void => {
      const silence = tidy(() => output.hold(zeros([...like.shape.slice(0, -1), count], like.dtype)));
      take(silence.value, trail, behind);
      silence.release();
    };
    /** Brings the last frames, and begins anew. */
    const end = (): void => {
      if (tail > 0 && held && latest) takeSilence(held.value, tail, latest.trail, latest.length);
      held?.release();
      held = null;
      latest = null;
      [start, index, received] = [0, 0, 0];
    };
    return {
      next: (chunk) => {
        assertChunk(name, chunk, held?.value);
        const trail = trailNow();
        const timed = { trail, length: chunk.shape.at(-1)! };
        if (isBehindGap(timed)) {
          end();
          if (!output.isOpen()) return;
        }
        if (lead > 0 && !latest) takeSilence(chunk, lead, trail, -lead);
        latest = timed;
        received += timed.length;
        take(chunk, trail, 0);
      },
      complete: () => {
        end();
        output.complete();
      },
      teardown: () => {
        moved();
        held?.release();
        needed?.release();
      },
    };
  });
}
