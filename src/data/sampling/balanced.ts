import type { MonoTypeOperatorFunction } from 'rxjs';
import { described } from '../../tensor/argument';
import { assertOptions } from '../../tensor/options';
import { integerSequence } from '../../tensor/permutation';
import { blocksOf, skipped } from '../../streams/blocks/block-source';
import { plainRow } from '../../streams/blocks/row-objects';
import { rowsOfBlocks } from '../../streams/blocks/rows-of-blocks';
import { assertPositiveInteger, assertSeed } from '../../streams/checks/arguments';
import { globalSeed } from '../../streams/data/global-seed';
import { trailNow } from '../../streams/emission';
import { operator } from '../../streams/operator';
import { withObstacle } from '../../streams/trail';
import { assertSteps } from '../transforms/apply';
import { weightsOf } from '../transforms/weights';
import type { Step } from '../transforms/step';
import { chosenRows } from './chosen-rows';
import { assertRowKey, keyOfRow, keysOfRun } from './row-key';

/** Options of {@link balanced}. */
export interface BalancedOptions {
  /** Makes the choice reproducible; it is drawn from the global sequence ({@link setSeed}) when left out. */
  readonly seed?: number;
  /** How often a row is passed on at most. When left out: 100 with a column, whose first row of a class may come late; as often as it weighs with a step. */
  readonly most?: number;
}

/** How exactly a chance is drawn. */
const PRECISION = 2 ** 32;

/**
 * Emits rows of all classes equally often: a row whose class weighs 2.3 two or three times, one whose class weighs 0.4 once or not at all, so that it is as often as its weight on average. (A weight is
 * n / (k · count), as in {@link classWeights}.) There are about as many rows as before. Only counts are kept in memory; put `shuffle` below it, which takes copies apart.
 *
 * Give it a fitted step of `classWeights`, whose counts are those of all rows, or the name of the column of the classes: then it counts the classes as they come, the first rows
 * are passed on as they are, and the balance follows the feed.
 *
 * Directly below a source of rows in blocks (`csv`, `jsonLines`, `parquet`), it passes blocks on; with a seed, a run can be continued from a checkpoint there: the rows before are read
 * again.
 *
 * ```text
 *  rows                 --a--a--a--B--a--|     a: 4 rows, weight 0.625; B: 1 row, weight 2.5
 *  balanced(step)       --a-----a--BB-a--|
 * ```
 *
 * @throws when the step is none of `classWeights`, or not fitted; as error notifications, when a row lacks the column
 * @example
 * ```ts
 * import { balanced, classWeights } from 'rxtensor/data';
 * import { from } from 'rxjs';
 * const rows = Array.from({ length: 90 }, (_, i) => ({ x: i, label: i % 10 === 0 ? 1 : 0 }));
 * const step = classWeights('label', { counts: { 0: 81, 1: 9 } });
 * let ones = 0;
 * from(rows)
 *   .pipe(balanced(step, { seed: 1 }))
 *   .subscribe({ next: ({ label }) => (ones += label), complete: () => console.log(ones) }); // 45 of about 90
 * ```
 */
export function balanced<T extends object>(
  classes: string | Step,
  options: BalancedOptions = {},
): MonoTypeOperatorFunction<T> {
  const name = 'balanced';
  assertOptions<BalancedOptions>(name, options, { seed: 1, most: 1 });
  const { seed, most = typeof classes === 'string' ? 100 : Infinity } = options;
  assertSeed(name, seed);
  assertPositiveInteger(name, "option 'most'", most, 'infinite too');
  if (typeof classes !== 'string') {
    if (classes?.kind !== 'classWeights')
      throw new Error(
        `${name}: argument 'classes' is ${described(classes)}; wanted the name of a column, or a step of classWeights()`,
      );
    assertSteps(name, [classes], true);
  }
  const column = typeof classes === 'string' ? classes : classes.columns[0]!;
  assertRowKey(name, "argument 'classes'", column);
  /** How often the rows of one subscription are passed on, in their order. */
  const timesOf = (): ((word: string) => number) => {
    const weightOf = typeof classes === 'string' ? countedWeights() : fittedWeights(classes);
    const draw = integerSequence(seed ?? globalSeed(name));
    return (word) => Math.min(most, Math.floor(weightOf(word) + draw(PRECISION) / PRECISION));
  };
  return (source) => {
    const blocks = blocksOf(source);
    if (blocks?.rowOf === plainRow)
      return rowsOfBlocks<T>(name, {
        ...blocks,
        obstacle: seed === undefined ? withoutSeed : blocks.obstacle,
        open: (startAt) => {
          const times = timesOf();
          return skipped(
            chosenRows(blocks.open(0), (run) => {
              const keyOf = keysOfRun(name, column, run);
              return (row) => times(keyOf(row));
            }),
            startAt,
          );
        },
      });
    return operator<T, T>(name, (output) => {
      const times = timesOf();
      return {
        next: (row) => {
          const trail = withObstacle(trailNow(), obstacle);
          for (let left = times(keyOfRow(name, column, row)); left > 0 && output.isOpen(); left--)
            output.emit(() => row, trail);
        },
      };
    })(source);
  };
}

function fittedWeights(step: Step): (word: string) => number {
  const weights = weightsOf(step);
  return (word) => weights.get(word) ?? 1;
}

/** The weights of classes by the rows so far, with this one. */
function countedWeights(): (word: string) => number {
  const counts = new Map<string, number>();
  let rows = 0;
  return (word) => {
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    rows++;
    return rows / (counts.size * count);
  };
}

const obstacle =
  'balanced() draws how often it emits a row, by the rows before; put balanced(…, {seed}) directly below csv(), jsonLines() or parquet()';
const withoutSeed = "balanced() has no seed, so that it would choose other rows; give it the option 'seed'";
