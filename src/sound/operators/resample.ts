import { defer, type OperatorFunction } from 'rxjs';
import { mapTensorAsync } from '../../streams/operators/map-tensor-async';
import { trailNow } from '../../streams/emission';
import { operator } from '../../streams/operator';
import type { Trail } from '../../streams/trail';
import { sameShape } from '../../kernels';
import { formatShape } from '../../tensor/shape';
import type { OptionRules } from '../../tensor/options';
import type { Tensor } from '../../tensor/tensor';
import { checked } from '../signal/options';
import { earlier } from './framed';
import { gapFinder } from './gaps';
import { tensorOf } from '../sources/channels';
import { canResample, resampler, type Resampler } from '../sources/resampler';

/** Options of {@link resample}: both must be given. */
export interface ResampleOptions {
  /** The samples a second of what comes. */
  readonly from: number;
  /** The samples a second that are wanted. */
  readonly to: number;
}

const rate = [
  (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0,
  'a positive integer',
] as const;
const rules: OptionRules<ResampleOptions> = { from: rate, to: rate };

/** A chunk on the host. */
interface Chunk {
  readonly channels: readonly Float32Array[];
  readonly shape: readonly number[];
}

/**
 * Changes the sampling rate of a stream of chunks, so that one source feeds models that take different rates. It does what `sampleRate` of the sources does: tones up to 0.9 of
 * half the lower rate pass, those above half of either are weakened by 80 dB or more, and nothing is delayed. Where the time of a chunk says that samples are missing before
 * it, it begins anew.
 *
 * ```text
 *  chunks                              --abcd----efgh--|
 *  resample({ from: 32000, to: 16000 })  --ac------eg----|
 * ```
 *
 * @param options both rates
 * @returns chunks [samples] or [channels, samples] of the other rate, each with the time of its first sample
 * @throws when an option is missing or wrong, or the ratio has terms too large for a table; as error notifications, for a chunk that is not float32 samples, or has
 *   another number of channels than those before it
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { resample } from 'rxtensor/sound';
 * dl.examples([0, 1, 2])
 *   .pipe(
 *     dl.mapTensor((i) => dl.sin(dl.mul(dl.range(320 * (i as number), 320 * (i as number) + 320), 0.1))),
 *     resample({ from: 32000, to: 16000 }),
 *   )
 *   .subscribe((chunk) => console.log(chunk.size)); // 480 in all: the last of them when the stream ends
 * ```
 */
export function resample(options: ResampleOptions): OperatorFunction<Tensor, Tensor> {
  const name = 'resample';
  const { from, to } = checked(name, options, rules, ['from', 'to']);
  if (!canResample(from, to))
    throw new Error(
      `${name}: option 'to' is ${to} for samples of ${from} Hz; wanted a rate whose ratio to it has smaller terms, as 16000`,
    );
  return (source) =>
    defer(() =>
      source.pipe(
        mapTensorAsync((chunk) => readChunk(name, chunk)),
        operator<Chunk, Tensor>(name, (output) => {
          const isBehindGap = gapFinder(name, from);
          let changers: Resampler[] = [];
          /** All but the samples: [] or [channels]. */
          let outer: readonly number[] = [];
          /** The trail of the chunk before, and where it begins: samples of what comes since the beginning. */
          let latest: { readonly trail: Trail; readonly from: number } | null = null;
          let [received, emitted] = [0, 0];

          const emit = (channels: readonly Float32Array[]): void => {
            const length = channels[0]?.length ?? 0;
            if (length === 0 || !latest) return;
            const { trail, from: begun } = latest;
            // The first of them may lie before the chunk that completed it.
            const own = earlier(trail, begun - (emitted / to) * from, from);
            emitted += length;
            output.emit(() => tensorOf(channels, outer.length === 0 ? 'mono' : 'all'), own);
          };
          const end = (): void => {
            const before = changers;
            changers = [];
            emit(before.map((changer) => changer.end()));
            [received, emitted] = [0, 0];
          };
          return {
            next: (chunk) => {
              const trail = trailNow();
              const channels = chunk.shape.slice(0, -1);
              if (changers.length > 0 && !sameShape(channels, outer))
                throw new Error(
                  `${name}: a chunk has shape ${formatShape(chunk.shape)}; wanted [${[...outer, 'samples'].join(',')}], as the chunks before it`,
                );
              const { length } = chunk.channels[0]!;
              if (isBehindGap({ trail, length })) end();
              if (changers.length === 0) changers = chunk.channels.map(() => resampler(from, to));
              outer = channels;
              latest = { trail, from: received };
              received += length;
              emit(chunk.channels.map((samples, c) => changers[c]!.push(samples)));
            },
            complete: () => {
              end();
              output.complete();
            },
          };
        }),
      ),
    );
}

/** Reads samples, channel by channel. */
async function readChunk(name: string, chunk: Tensor): Promise<Chunk> {
  const { shape, dtype } = chunk;
  if (dtype !== 'float32' || ![1, 2].includes(shape.length) || (shape.length === 2 && shape[0] === 0))
    throw new Error(
      `${name}: a chunk is ${dtype} of shape ${formatShape(shape)}; wanted float32 of shape [samples] or [channels,samples]`,
    );
  const values = (await chunk.data()) as Float32Array;
  const count = shape.length === 1 ? 1 : shape[0]!;
  const length = shape.at(-1)!;
  return {
    channels: Array.from({ length: count }, (_, c) => values.slice(c * length, (c + 1) * length)),
    shape,
  };
}
