import type { OperatorFunction } from 'rxjs';
import { joinedTrails, noTrail, withObstacle, type Trail } from '../../streams/trail';
import { trailNow } from '../../streams/emission';
import { operator } from '../../streams/operator';
import type { Held } from '../../streams/ownership/held-values';
import { concat, slice, zeros } from '../../tensor/ops';
import { tidy } from '../../tensor/scope';
import { formatShape } from '../../tensor/shape';
import { sameShape } from '../../kernels';
import { Tensor } from '../../tensor/tensor';
import { wrongArgument } from '../../tensor/argument';

/** How chunks are cut. */
export interface Framing {
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
}

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

/** An operator that cuts chunks of any length into frames, and makes something of each. What is left waits for the next chunk. */
export function framed<R>(
  name: string,
  { frame, hop, sampleRate, lead = 0, timedBy = 0, tail = 0 }: Framing,
  make: (frame: Tensor) => R,
): OperatorFunction<Tensor, R> {
  return operator<Tensor, R>(name, (output) => {
    /** The samples that are not used up, and those before them that are skipped. */
    let held: Held<Tensor> | null = null;
    let start = 0;
    const at = (x: Tensor, from: number, count: number): Tensor => {
      const outer = x.shape.slice(0, -1);
      return slice(x, [...outer.map(() => 0), from], [...outer, count]);
    };
    /** The trail of the latest chunk, and how long it was. */
    let latest: { readonly trail: Trail; readonly length: number } | null = null;

    /** Takes further samples, which begin `behind` samples behind the chunk of the trail. */
    const take = (chunk: Tensor, trail: Trail, behind: number): void => {
      const before = held;
      const extent = before ? before.value.shape.at(-1)! : 0;
      const kept = Math.max(0, extent - start);
      const current = tidy(name, () =>
        output.hold(before && kept > 0 ? concat([at(before.value, start, kept), chunk], -1) : chunk.clone()),
      );
      held = current;
      start = Math.max(0, start - extent);
      before?.release();
      const { value } = current;
      const length = value.shape.at(-1)!;
      // A subscriber may feed a further chunk meanwhile: then that call emits what follows.
      while (output.isOpen() && held === current && length - start >= frame) {
        const from = start;
        start += hop;
        output.emit(
          () => make(at(value, from, frame)),
          withObstacle(earlier(trail, kept - from - timedBy - behind, sampleRate), obstacle(name)),
        );
      }
    };
    /** Takes silence as long as the samples are. */
    const takeSilence = (like: Tensor, count: number, trail: Trail, behind: number): void => {
      const silence = tidy(() => output.hold(zeros([...like.shape.slice(0, -1), count], like.dtype)));
      take(silence.value, trail, behind);
      silence.release();
    };
    return {
      next: (chunk) => {
        assertChunk(name, chunk, held?.value);
        const trail = trailNow();
        if (lead > 0 && !latest) takeSilence(chunk, lead, trail, -lead);
        latest = { trail, length: chunk.shape.at(-1)! };
        take(chunk, trail, 0);
      },
      complete: () => {
        if (tail > 0 && held && latest) takeSilence(held.value, tail, latest.trail, latest.length);
        output.complete();
      },
      teardown: () => held?.release(),
    };
  });
}
