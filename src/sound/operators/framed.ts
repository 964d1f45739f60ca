import type { OperatorFunction } from 'rxjs';
import { joinedTrails, noTrail, withObstacle, type Trail } from '../../streams/trail';
import { trailNow } from '../../streams/emission';
import { operator } from '../../streams/operator';
import type { Held } from '../../streams/ownership/held-values';
import { concat, slice } from '../../tensor/ops';
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

/** The trail of a frame that begins `samples` before the chunk that brought the trail. */
function earlier(trail: Trail, samples: number, sampleRate: number | null): Trail {
  if (!trail.time || sampleRate === null || samples === 0) return trail;
  const seconds = samples / sampleRate;
  const time = { media: trail.time.media - seconds, capture: trail.time.capture - 1000 * seconds };
  return joinedTrails({ ...noTrail, time }, trail);
}

/** An operator that cuts chunks of any length into frames, and makes something of each. What is left waits for the next chunk. */
export function framed<R>(
  name: string,
  { frame, hop, sampleRate }: Framing,
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
    return {
      next: (chunk) => {
        const before = held;
        assertChunk(name, chunk, before?.value);
        const extent = before ? before.value.shape.at(-1)! : 0;
        const kept = Math.max(0, extent - start);
        const joined = tidy(name, () =>
          before && kept > 0 ? concat([at(before.value, start, kept), chunk], -1) : chunk.clone(),
        );
        const current = output.hold(joined);
        held = current;
        start = Math.max(0, start - extent);
        before?.release();
        const trail = trailNow();
        const { value } = current;
        const length = value.shape.at(-1)!;
        // A subscriber may feed a further chunk meanwhile: then that call emits what follows.
        while (output.isOpen() && held === current && length - start >= frame) {
          const from = start;
          start += hop;
          output.emit(
            () => make(at(value, from, frame)),
            withObstacle(earlier(trail, kept - from, sampleRate), obstacle(name)),
          );
        }
      },
      teardown: () => held?.release(),
    };
  });
}
