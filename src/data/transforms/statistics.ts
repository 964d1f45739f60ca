/** What steps learn of columns of numbers. NaN is a missing value and counts for nothing. */
import { integerSequence } from '../../tensor/permutation';
import { assertNumbers, type Column, type Fitting, type Step } from './step';
import { wordsOf } from './words';

/** A statistic of one column. */
interface Statistic {
  readonly add: (value: number) => void;
  readonly end: () => Readonly<Record<string, number>>;
}

/** Follows a statistic of each column of a step. */
export function fitEach(step: Step, statistic: () => Statistic): Fitting {
  const each = step.columns.map(statistic);
  const seen = new Float64Array(step.columns.length);
  return {
    add: (columns: readonly Column[], rows) => {
      columns.forEach((column, i) => {
        const values = assertNumbers(step, step.columns[i]!, column);
        const { add } = each[i]!;
        for (let row = 0; row < rows; row++) {
          const value = values[row]!;
          if (Number.isNaN(value)) continue;
          if (!Number.isFinite(value))
            throw new Error(
              `${step.kind}: the column '${step.columns[i]!}' has ${value}, of which there is no mean or distance; wanted finite numbers, or NaN for a missing one`,
            );
          seen[i]!++;
          add(value);
        }
      });
    },
    end: () => {
      const empty = seen.indexOf(0);
      if (empty >= 0)
        throw new Error(
          `${step.kind}: the column '${step.columns[empty]!}' has no value to learn from; wanted at least one row that is not NaN`,
        );
      const found = each.map(({ end }) => end());
      return Object.fromEntries(Object.keys(found[0]!).map((key) => [key, found.map((one) => one[key]!)]));
    },
  };
}

/** The mean, and the standard deviation over all rows (Welford 1962). A column of equal values gets the scale 1. */
export function meanAndScale(): Statistic {
  let count = 0;
  let mean = 0;
  let spread = 0;
  return {
    add: (value) => {
      const distance = value - mean;
      mean += distance / ++count;
      spread += distance * (value - mean);
    },
    end: () => ({ mean, scale: Math.sqrt(spread / count) || 1 }),
  };
}

export function leastAndMost(): Statistic {
  let least = Infinity;
  let most = -Infinity;
  return {
    add: (value) => {
      if (value < least) least = value;
      if (value > most) most = value;
    },
    end: () => ({ least, most }),
  };
}

/** How many values a quantile is computed of exactly; of more, a sample of so many is kept. */
const MOST_KEPT = 1 << 20;

/** Quantiles with linear interpolation; of more than 2²⁰ values, those of a random sample of that size (algorithm R, Vitter 1985), the same in each run. */
export function quantiles(of: Readonly<Record<string, number>>): () => Statistic {
  return () => {
    const kept: number[] = [];
    const draw = integerSequence(0);
    let count = 0;
    return {
      add: (value) => {
        count++;
        if (kept.length < MOST_KEPT) {
          kept.push(value);
          return;
        }
        const place = draw(count);
        if (place < MOST_KEPT) kept[place] = value;
      },
      end: () => {
        const sorted = Float64Array.from(kept).sort();
        const at = (share: number): number => {
          const place = share * (sorted.length - 1);
          const below = Math.floor(place);
          const [low, high] = [sorted[below]!, sorted[Math.ceil(place)]!];
          return low + (high - low) * (place - below);
        };
        return Object.fromEntries(Object.entries(of).map(([key, share]) => [key, at(share)]));
      },
    };
  };
}

/** The different values of a column, in order: numbers by size, texts by their code units. */
export function fitVocabulary(step: Step): Fitting {
  const { add, counts } = counting(step);
  return { add, end: () => ({ words: inOrder(counts) }) };
}

/** How often each value of a column occurs. */
export function fitCounts(step: Step): Fitting {
  const { add, counts } = counting(step);
  return {
    add,
    end: () => {
      const words = inOrder(counts);
      return { words, counts: words.map((word) => counts.get(word)!) };
    },
  };
}

function counting(step: Step): Pick<Fitting, 'add'> & { readonly counts: ReadonlyMap<string, number> } {
  const counts = new Map<string, number>();
  const most = step.options.most as number;
  return {
    counts,
    add: ([column], rows) => {
      const wordAt = wordsOf(step.kind, step.columns[0]!, column!);
      for (let row = 0; row < rows; row++) {
        const word = wordAt(row);
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
      if (counts.size > most)
        throw new Error(
          `${step.kind}: the column '${step.columns[0]!}' has more than ${most} different values; wanted a column of categories, hashing(), or a greater option 'most'`,
        );
    },
  };
}

function inOrder(counts: ReadonlyMap<string, number>): string[] {
  const words = [...counts.keys()];
  const areNumbers = words.every((word) => word !== '' && !Number.isNaN(Number(word)));
  return areNumbers ? words.sort((a, b) => Number(a) - Number(b)) : words.sort((a, b) => (a < b ? -1 : 1));
}
