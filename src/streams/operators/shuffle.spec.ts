import * as dl from 'rxtensor';
import { from, range, take } from 'rxjs';
import { marbles, plain, read } from '../../../test/support/marbles';
import { peakTensors } from '../../../test/support/peak';

function shuffled(count: number, buffer: number, seed?: number): number[] {
  const seen: number[] = [];
  range(0, count)
    .pipe(dl.shuffle(buffer, seed === undefined ? {} : { seed }))
    .subscribe((x) => seen.push(x));
  return seen;
}

describe('shuffle', () => {
  it('emits one value for each that comes once its buffer is full, and the rest at completion', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('     -a-a-a-a-|');
      const result = source.pipe(dl.shuffle(2, { seed: 1 }));
      expectObservable(result).toBe('-----a-a-(aa|)');
      expectObservable(result, '------!').toBe('-----a-');
      expectSubscriptions(source.subscriptions).toBe(['^--------!', '^-----!']);
    });
  });

  it('passes errors on at once', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-a-#').pipe(dl.shuffle(4, { seed: 1 }))).toBe('-----#');
    });
  });

  it('emits each value once, in an order that the seed gives', () => {
    const order = shuffled(100, 10, 7);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(order).toEqual(shuffled(100, 10, 7));
    expect(order).not.toEqual(shuffled(100, 10, 8));
    expect(order).not.toEqual(shuffled(100, 10));
    // A value waits at least until the buffer is full.
    order.forEach((value, position) => expect(value).toBeLessThanOrEqual(position + 10));
  });

  it('draws its seed from the global sequence where it has none', () => {
    dl.setSeed(3);
    const first = shuffled(50, 10);
    const second = shuffled(50, 10);
    dl.setSeed(3);
    expect(shuffled(50, 10)).toEqual(first);
    expect(second).not.toEqual(first);
  });

  it('has every place equally likely with a buffer as long as the stream', () => {
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    const runs = 2_000;
    for (let seed = 0; seed < runs; seed++) {
      shuffled(4, 4, seed).forEach((value, position) => counts[value]![position]!++);
    }
    // Standard deviation 19; five of them.
    for (const count of counts.flat()) expect(Math.abs(count - runs / 4)).toBeLessThan(100);
  });

  it('owns the tensors it holds, and frees them when it is left', () => {
    const seen: unknown[] = [];
    const peak = peakTensors(() => {
      range(0, 200)
        .pipe(
          dl.mapTensor((x) => ({ x: dl.scalar(x), y: [dl.scalar(-x)] })),
          dl.shuffle(5, { seed: 2 }),
          dl.mapTensor(({ x, y: [y] }) => dl.add(x, y ?? 0)),
          read(),
          take(150),
        )
        .subscribe((value) => seen.push(value));
    });
    expect(seen).toEqual(Array.from({ length: 150 }, () => 0));
    expect(peak).toBeLessThanOrEqual(2 * 6 + 6);
  });

  it('does not change its values when a variable changes', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    const seen: unknown[] = [];
    from([weight, weight])
      .pipe(dl.shuffle<dl.Tensor>(1, { seed: 1 }))
      .subscribe((x) => {
        dl.tidy(() => weight.assign(dl.scalar(2)));
        seen.push(plain(x));
      });
    expect(seen).toEqual([1, 1]);
    weight.dispose();
  });

  it('refuses a tensor on the tape: an error, not a wrong gradient', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    let error: unknown;
    from([1, 2])
      .pipe(
        dl.mapTensor((x) => dl.mul(weight, x)),
        dl.shuffle(2),
      )
      .subscribe({ error: (found: unknown) => (error = found) });
    expect(String(error)).toMatch(
      /^Error: shuffle: the value has a tensor of shape \[\] that was computed from trainable variables.*gradients do not cross emissions.*predict/s,
    );
    weight.dispose();
  });

  it('refuses a buffer that is no positive integer', () => {
    expect(() => dl.shuffle(0)).toThrowError("shuffle: argument 'buffer' is 0; wanted a positive integer");
    expect(() => dl.shuffle(1.5)).toThrowError(/wanted a positive integer/);
  });
});
