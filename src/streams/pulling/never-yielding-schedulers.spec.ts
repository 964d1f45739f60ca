/** RxJS has schedulers that run work in a microtask or at once: given to a source, they would let no timer, event or paint come in between. */
import * as dl from 'rxtensor';
import { csv } from 'rxtensor/files';
import {
  asapScheduler,
  asyncScheduler,
  lastValueFrom,
  queueScheduler,
  takeWhile,
  tap,
  type Observable,
} from 'rxjs';

/** So long may a source run before a timer of 1 ms, on a machine that does other work too. */
const STARVED_MS = 5000;

async function* endless(): AsyncGenerator<number> {
  for (;;) {
    await Promise.resolve();
    yield 1;
  }
}
const everOnes: Iterable<number> = {
  *[Symbol.iterator]() {
    for (;;) yield 1;
  },
};
const table = new Blob([`x\n${'1\n'.repeat(20_000)}`]);

/** Endless sources. */
const sources: Readonly<Record<string, (options: dl.PullOptions) => Observable<unknown>>> = {
  'examples of an array': (options) => dl.examples([1, 2], { ...options, epochs: Infinity }),
  'examples of an iterable': (options) => dl.examples(everOnes, options),
  'examples of an async iterable': (options) => dl.examples(endless(), options),
  fromAsyncIterable: (options) => dl.fromAsyncIterable(endless(), options),
  fromReadable: (options) =>
    dl.fromReadable(new ReadableStream<number>({ pull: (controller) => controller.enqueue(1) }), options),
  csv: (options) => csv(table, { ...options, columns: { x: 'float32' }, epochs: Infinity }),
  'csv in batches': (options) =>
    csv(table, { ...options, columns: { x: 'float32' }, epochs: Infinity }).pipe(
      dl.shuffle(100),
      dl.batch(64),
    ),
};

describe('A source with a scheduler that never yields', () => {
  const schedulers = { asapScheduler, queueScheduler, asyncScheduler };
  for (const [name, scheduler] of Object.entries(schedulers)) {
    for (const [source, open] of Object.entries(sources)) {
      it(`lets a timer run in between: ${source}, ${name}`, async () => {
        let isOver = false;
        const timer = setTimeout(() => (isOver = true), 1);
        const begun = performance.now();
        let count = 0;
        await lastValueFrom(
          open({ scheduler }).pipe(
            tap(() => {
              count++;
              // Without this, a source that starves the timer would never end.
              if (performance.now() - begun > STARVED_MS)
                throw new Error(`a timer waited while ${count} values came`);
            }),
            takeWhile(() => !isOver),
          ),
          { defaultValue: null },
        );
        clearTimeout(timer);
        expect(isOver).toBeTrue();
      });
    }
  }

  it('still runs its work by that scheduler', async () => {
    let scheduled = 0;
    const counting = {
      now: () => asapScheduler.now(),
      schedule: ((...args: Parameters<typeof asapScheduler.schedule>) => {
        scheduled++;
        return asapScheduler.schedule(...args);
      }) as typeof asapScheduler.schedule,
    };
    expect(await lastValueFrom(dl.examples([1, 2, 3], { scheduler: counting }))).toBe(3);
    expect(scheduled).toBeGreaterThan(0);
  });

  it('never emits inside of subscribe(), and emits nothing when it is left at once', async () => {
    for (const scheduler of [asapScheduler, queueScheduler]) {
      const seen: number[] = [];
      const left = dl.examples([1], { scheduler }).subscribe(() => seen.push(-1));
      left.unsubscribe();
      const done = new Promise<void>((resolve) => {
        dl.examples([1], { scheduler }).subscribe({ next: (x) => seen.push(x), complete: resolve });
      });
      expect(seen).toEqual([]);
      await done;
      expect(seen).toEqual([1]);
    }
  });
});
