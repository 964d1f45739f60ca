import { assertFinite, assertInteger } from '../argument';
import { op } from '../op';
import type { Tensor1D, Tensor2D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import { minimum, mul } from './arithmetic';
import { castTo } from './cast';
import { cumsum } from './cumulative';
import { randomUniform } from './random';
import { reshape } from './reshape';
import { slice } from './slice';
import { softmax } from './softmax';
import { searchSorted } from './sorting';

/**
 * Draws outcomes by their probabilities: each is where a uniform number falls among the running sums of the probabilities.
 *
 * @param logits of two outcomes or more, [outcomes] or [batch, outcomes]: logarithms of probabilities, up to a constant
 * @param numSamples how many outcomes are drawn, for each batch
 * @param seed of this tensor alone; the global sequence ({@link setSeed}) when left out
 * @param normalized whether `logits` are the probabilities themselves
 * @returns int32, [numSamples] or [batch, numSamples]
 * @throws for another rank, fewer than two outcomes, or a number of samples that is none
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.multinomial([0.75, 0.25], 3, 42, true).print(); // mostly 0
 * ```
 */
export const multinomial = op(
  'multinomial',
  function multinomial(
    logits: Tensor1D | Tensor2D | TensorInput,
    numSamples: number,
    seed?: number,
    normalized = false,
  ): Tensor1D | Tensor2D {
    const given = asRank('multinomial', 'logits', logits, [1, 2]);
    const outcomes = given.shape[given.rank - 1]!;
    if (outcomes < 2) {
      throw new Error(
        `multinomial: argument 'logits' has ${outcomes} outcomes (shape [${given.shape.join(',')}]); wanted two or more`,
      );
    }
    assertInteger('multinomial', 'numSamples', numSamples, 0);
    if ((seed ?? null) !== null) assertFinite('multinomial', 'seed', seed);
    const batch = given.rank === 1 ? 1 : given.shape[0]!;
    const rows = reshape(castTo(given, 'float32'), [batch, outcomes]);
    const sums = cumsum(normalized ? rows : softmax(rows), -1);
    const total = slice(sums, [0, outcomes - 1], [batch, 1]);
    const places = mul(randomUniform([batch, numSamples], 0, 1, 'float32', seed), total);
    // Rounding may put a number on the total itself: that belongs to the last outcome that is possible at all.
    const last = searchSorted(sums, total, 'left');
    const drawn = minimum(searchSorted(sums, places, 'right'), last);
    return reshape(drawn, [...given.shape.slice(0, -1), numSamples]) as Tensor1D | Tensor2D;
  },
);
