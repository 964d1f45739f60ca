import * as dl from 'rxtensor';
import { NEVER, share, skip, takeLast, VirtualTimeScheduler, type Observable } from 'rxjs';
import { settle } from '../../../test/support/marbles';
import { passTime } from '../../testing/virtual-time';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const numbers = Array.from({ length: 40 }, (_, i) => i);

describe('A source that waits for long', () => {
  let warn: jasmine.Spy;
  let scheduler: VirtualTimeScheduler;
  beforeEach(() => {
    dl.disableDebugMode(); // what was warned of before is forgotten
    warn = spyOn(console, 'warn');
    scheduler = new VirtualTimeScheduler();
  });

  const examples = (options: dl.ExamplesOptions = {}): Observable<dl.Scalar> =>
    dl.examples(numbers, { scheduler, ...options }).pipe(scalars);
  const zipped = (inFlight: number): Observable<unknown> => {
    const source$ = examples({ inFlight }).pipe(share());
    return dl.zipTensor([source$, source$.pipe(skip(30))]);
  };
  /** What is warned of by some moment, in milliseconds of virtual time. */
  async function warnedBy(stream: Observable<unknown>, milliseconds: number): Promise<string[]> {
    const subscription = stream.subscribe();
    await passTime('spec', scheduler, { milliseconds });
    subscription.unsubscribe();
    await settle();
    expect(scheduler.actions).toHaveSize(0);
    return warn.calls.allArgs().flat() as string[];
  }

  it("for what across holds says so, and what to do: holds: 'all' around what needs fewer", async () => {
    const held = (options: dl.AcrossOptions): Observable<unknown> =>
      examples().pipe(dl.across(takeLast<dl.Scalar>(1), options));
    expect(await warnedBy(held({ holds: 'all' }), 9_999)).toEqual([]);
    expect(await warnedBy(held({ holds: 'all' }), 10_000)).toEqual([
      'rxtensor: examples has not gone on for 10 s, and may never: 2 of its emissions are unfinished, and it waits while there are 2 (its ' +
        'option inFlight). across holds 2, since the operator inside of it waits for more values, or for the end, or has dropped some: ' +
        'leave out the option holds, or give it the number of values that the operator needs. Where such a wait is meant, all is well',
    ]);
    warn.calls.reset();
    expect(await warnedBy(held({}), 20_000)).toEqual([]);
    expect(await warnedBy(held({ holds: 1 }), 20_000)).toEqual([]);
  });

  it('for partners in zipTensor says so, once, and what to do', async () => {
    expect(await warnedBy(zipped(2), 9_999)).toEqual([]);
    const [message, ...more] = await warnedBy(zipped(2), 60_000);
    expect(message).toMatch(
      /^rxtensor: examples has not gone on for 10 s.* zipTensor holds 2, since .* give that an option inFlight that is greater/,
    );
    expect(more).toEqual([]);
    warn.calls.reset();
    expect(await warnedBy(zipped(31), 60_000)).toEqual([]);
  });

  it('for a promise says nothing: it may settle', async () => {
    const settleAtLast: (() => void)[] = [];
    const never = dl.mapTensorAsync(() => new Promise<void>((resolve) => settleAtLast.push(resolve)));
    expect(await warnedBy(examples().pipe(never), 60_000)).toEqual([]);
    for (const each of settleAtLast) each();
    await settle();
  });

  it('has no timer while nothing holds it up', async () => {
    const timers = spyOn(globalThis, 'setTimeout').and.callThrough();
    await dl
      .examples(numbers, { inFlight: Infinity })
      .pipe(scalars)
      .forEach(() => undefined);
    expect(timers).not.toHaveBeenCalled();
    expect(await warnedBy(NEVER, 60_000)).toEqual([]);
  });
});
