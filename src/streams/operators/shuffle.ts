import type { MonoTypeOperatorFunction } from 'rxjs';
import { integerSequence } from '../../tensor/permutation';
import { blocksOf } from '../blocks/block-source';
import { emittedNumbersOf, withEmittedNumbers } from '../data/emitted-numbers';
import { globalSeed } from '../data/global-seed';
import { assertPositiveInteger, assertSeed } from '../checks/arguments';
import type { Held } from '../ownership/held-values';
import { operator } from '../operator';
import { withObstacle } from '../trail';
import { assertOptions } from '../../tensor/options';

/**
 * Emits the values in random order, drawn from a buffer of the last `buffer` of them: for streams whose length nobody knows. (`examples`
 * shuffles exactly.) It owns the tensors that it holds and frees them at the end. Directly below a source of rows in blocks (`csv`) and with a seed, a run can be
 * continued from a {@link checkpoint}: the source's `startAt` counts the shuffled rows then, and those before it are read again to fill the buffer.
 *
 * ```text
 *  source         --a--b--c--d--e--|
 *  shuffle(3)     --------b--d--a--(e c)|
 * ```
 *
 * @param buffer how many values are held
 * @param options `seed` makes the order reproducible; it is drawn from the global sequence ({@link setSeed}) when left out
 * @throws (as error notification) for a tensor on the tape: gradients do not cross emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { from } from 'rxjs';
 * from([1, 2, 3, 4]).pipe(dl.shuffle(4, { seed: 1 })).subscribe((x) => console.log(x));
 * ```
 */
export function shuffle<T>(
  buffer: number,
  options: { readonly seed?: number } = {},
): MonoTypeOperatorFunction<T> {
  const name = 'shuffle';
  assertPositiveInteger(name, "argument 'buffer'", buffer);
  assertOptions<{ seed?: number }>(name, options, { seed: 1 });
  assertSeed(name, options.seed);
  const drawing = (): ((bound: number) => number) => integerSequence(options.seed ?? globalSeed(name));
  const shuffled = operator<T, T>(name, (output) => {
    const draw = drawing();
    const held: Held<T>[] = [];
    const emitOne = (): void => {
      const index = draw(held.length);
      const chosen = held[index]!;
      const last = held.pop()!;
      if (index < held.length) held[index] = last;
      const trail = held.length === 0 ? chosen.trail : withObstacle(chosen.trail, obstacle);
      output.emit(() => chosen.handOver(), trail);
      chosen.release();
    };
    return {
      next: (value) => {
        held.push(output.hold(value));
        if (held.length > buffer) emitOne();
      },
      complete: () => {
        while (held.length > 0 && output.isOpen()) emitOne();
        output.complete();
      },
      teardown: () => {
        for (const each of held.splice(0)) each.release();
      },
    };
  });
  return (source) => {
    const blocks = blocksOf(source);
    if (!blocks) return withEmittedNumbers(shuffled(source), emittedNumbersOf(source));
    return blocks.operators.shuffled(name, blocks, {
      buffer,
      drawing,
      obstacle: options.seed === undefined ? withoutSeed : null,
    });
  };
}

const obstacle =
  'shuffle(buffer) holds back values; let examples() shuffle, or put shuffle(buffer, {seed}) directly below csv()';
const withoutSeed =
  "shuffle(buffer) has no seed, so that its order would be another; give it the option 'seed'";
