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
 * Draws outcomes at random with given probabilities, by looking up uniform numbers in the running sums of the probabilities.
 *
 * @param logits [outcomes] or [batch, outcomes], at least two outcomes: unnormalized logarithms of the probabilities
 * @param numSamples the number of outcomes to draw, for each row of a batch
 * @param seed seeds this call alone; when left out, it takes the next key of the global sequence (see {@link setSeed})
 * @param normalized true if `logits` are the probabilities themselves
 * @returns the indices of the outcomes as int32, [numSamples] or [batch, numSamples]
 * @throws for another rank, fewer than two outcomes, or when `numSamples` is not a non-negative integer
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
    // Rounding can make a number equal to the total; it then stands for the last outcome whose probability is not 0.
    const last = searchSorted(sums, total, 'left');
    const drawn = minimum(searchSorted(sums, places, 'right'), last);
    return reshape(drawn, [...given.shape.slice(0, -1), numSamples]) as Tensor1D | Tensor2D;
  },
);
