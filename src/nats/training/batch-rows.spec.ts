import { BatchRows } from './batch-rows';
import type { Standing } from './asks';

const standing = (rows: number | null): Standing => ({
  ...{ life: 1, epoch: 1, step: 4, isBlank: false, isReady: false },
  rows,
});
const members = ['a', 'b', 'c'].map((name) => ({ name, life: 1, arithmetic: '' }));

describe('The rows of batches', () => {
  it('are known of the last batch and of the one before', () => {
    const batches = new BatchRows();
    expect([batches.count, batches.last, batches.of(0), batches.of(null)]).toEqual([0, null, null, null]);
    for (const [step, rows] of [
      [3, 8],
      [4, 8],
      [5, 2],
    ] as const)
      batches.note(step, rows);
    batches.note(5, null);
    expect([3, 4, 5, 6].map((step) => batches.of(step))).toEqual([null, 8, 2, null]);
    expect([batches.count, batches.last]).toEqual([6, 5]);
  });

  it('are compared with those of the first who knows them', () => {
    const batches = new BatchRows();
    batches.note(4, 8);
    const compare = (own: number | null, ...others: readonly (number | null)[]): void => {
      const here = standing(own);
      batches.assertAlike(members, [...others.map(standing), here], here);
    };
    compare(8);
    compare(8, null, 8);
    compare(8, 8, 2);
    compare(null, 8);
    compare(8, null, null);
    expect(() => compare(8, null, 2)).toThrowError(
      "dataParallel: the batch of step 4 has 8 rows here, and 2 at 'b'; wanted the same for all, or the option batches: 'own'",
    );
  });
});
