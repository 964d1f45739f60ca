import * as fc from 'fast-check';
import { bucketsOf } from './buckets';
import { meanInFixedOrder } from './fixed-order-sum';
import { Round } from './round';

describe('bucketsOf', () => {
  it('covers the vector once, with as many buckets for each member, none too large', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 700 }),
        (length, members, most) => {
          const buckets = bucketsOf(length, members, most);
          expect(buckets[0]!.from).toBe(0);
          expect(buckets.at(-1).to).toBe(length);
          buckets.forEach(({ from, to }, i) => {
            expect(to - from).toBeLessThanOrEqual(most);
            expect(from).toBe(buckets[i - 1]?.to ?? 0);
          });
          const owned = Array.from(
            { length: members },
            (_, rank) => buckets.filter(({ owners }) => owners.includes(rank)).length,
          );
          expect(new Set(owned).size).toBe(1);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('A round', () => {
  it('gives every member the same mean, in whatever order the pieces come, and however often', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 40 }),
        fc.infiniteStream(fc.nat(1_000_000)),
        (members, length, choices) => {
          const choose = (count: number): number => (choices.next().value as number) % count;
          const buckets = bucketsOf(length, members, 7);
          const rounds = Array.from({ length: members }, (_, rank) => new Round(buckets, members, rank));
          const vectors = rounds.map((_, rank) =>
            Float32Array.from({ length }, (__, i) => Math.fround(1 / (1 + i + 3 * rank))),
          );
          /** Deliveries that are on their way. */
          const pieces: (() => void)[] = [];
          const post = (deliver: () => void): void =>
            void pieces.push(deliver, ...(choose(3) === 0 ? [deliver] : []));
          const sendSum = (owner: number, bucket: number): void => {
            if (buckets[bucket]!.owners.length === members) return;
            const sum = rounds[owner]!.sumOf(bucket)!.slice();
            rounds.forEach((round, to) => {
              if (to !== owner) post(() => round.addSum(bucket, sum));
            });
          };
          const begin = (rank: number) => (): void => {
            for (const bucket of rounds[rank]!.begin(vectors[rank]!, 1)) sendSum(rank, bucket);
            buckets.forEach(({ owners }, bucket) => {
              const part = rounds[rank]!.partOf(bucket).slice();
              for (const owner of owners)
                if (owner !== rank)
                  post(() => {
                    if (rounds[owner]!.addPart(bucket, rank, part, 1)) sendSum(owner, bucket);
                  });
            });
          };
          for (let rank = 0; rank < members; rank++) pieces.push(begin(rank));
          while (pieces.length > 0) pieces.splice(choose(pieces.length), 1)[0]!();
          const mean = new Float32Array(length);
          meanInFixedOrder(
            vectors.map((values) => ({ values, weight: 1 })),
            mean,
          );
          for (const round of rounds) {
            expect(round.isComplete).toBeTrue();
            expect(round.missing()).toEqual([]);
            expect(round.mean).toEqual(mean);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('tells what is missing, of whom', () => {
    const round = new Round(bucketsOf(6, 3, 10), 3, 0);
    round.begin(new Float32Array(6), 1);
    expect(round.isComplete).toBeFalse();
    expect(round.missing()).toEqual([
      { rank: 1, parts: [0], sums: [1] },
      { rank: 2, parts: [0], sums: [2] },
    ]);
    round.addPart(0, 1, new Float32Array(2), 1);
    expect(round.missing()).toEqual([
      { rank: 1, parts: [], sums: [1] },
      { rank: 2, parts: [0], sums: [2] },
    ]);
  });

  it('of two members lacks the whole vector of the other, and no sum', () => {
    const round = new Round(bucketsOf(4, 2, 3), 2, 0);
    round.begin(new Float32Array(4), 1);
    expect(round.missing()).toEqual([{ rank: 1, parts: [0, 1], sums: [] }]);
    round.addPart(0, 1, new Float32Array(2), 1);
    expect(round.isComplete).toBeFalse();
    round.addPart(1, 1, new Float32Array(2), 1);
    expect(round.isComplete).toBeTrue();
    expect(round.fits('sum', 0, 1, 2))
      .withContext('a sum that nobody asks for')
      .toBeFalse();
  });

  it('knows what fits', () => {
    const round = new Round(bucketsOf(6, 3, 10), 3, 0);
    expect(round.fits('part', 0, 1, 2)).toBeTrue();
    expect(round.fits('part', 1, 1, 2))
      .withContext('a bucket of another')
      .toBeFalse();
    expect(round.fits('sum', 1, 1, 2)).toBeTrue();
    expect(round.fits('sum', 1, 0, 2))
      .withContext('a sum by another')
      .toBeFalse();
    expect(round.fits('part', 0, 1, 3))
      .withContext('too long')
      .toBeFalse();
    expect(round.fits('part', 7, 1, 2))
      .withContext('no bucket')
      .toBeFalse();
    expect(round.fits('part', 0, 3, 2))
      .withContext('no member')
      .toBeFalse();
  });
});
