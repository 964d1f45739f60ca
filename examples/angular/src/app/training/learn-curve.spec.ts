import { lastValueFrom, of, take, toArray } from 'rxjs';
import { memory } from 'rxtensor';
import { learnCurve } from './learn-curve';
import { GRID } from './points';

describe('learnCurve', () => {
  it('comes near the points, and frees all that it made', async () => {
    const { numTensors } = memory();
    const { step, loss, curve } = await lastValueFrom(learnCurve(of(0.01)));
    expect(step).toBe(3000);
    expect(loss).toBeLessThan(0.01);
    expect(curve.length).toBe(GRID);
    expect(memory().numTensors).toBe(numTensors);
  }, 60_000);

  it('is stopped by unsubscribing, and frees all then too', async () => {
    const { numTensors } = memory();
    await lastValueFrom(learnCurve(of(0.01)).pipe(take(5)));
    expect(memory().numTensors).toBe(numTensors);
  });

  it('takes its learning rate from the observable', async () => {
    const curves = async (rate: number): Promise<number[][]> => {
      const seen = await lastValueFrom(learnCurve(of(rate)).pipe(take(2), toArray()));
      return seen.map(({ curve }) => Array.from(curve));
    };
    const [first, second] = await curves(0);
    expect(second).toEqual(first);
    const [before, after] = await curves(0.1);
    expect(after).not.toEqual(before);
  });
});
