/** For specs of messages that say what to do: each message is provoked, and what it says is done: it has to work. */
import * as dl from '../../src/index';
import type { Observable } from 'rxjs';
import { settle } from './marbles';

export interface Ailment {
  /** Part of the error, or of the warning. */
  readonly says: string;
  readonly stream: () => Observable<unknown>;
  /** By its words in the message: a stream that does so. */
  readonly cures: Readonly<Record<string, () => Observable<unknown>>>;
}

/** A stream that does not end is left after so many turns of the event loop. */
const TURNS = 400;

/** The error and the warnings of a stream. */
async function said(stream: Observable<unknown>, turns: number): Promise<{ text: string; values: number }> {
  const warn = console.warn as jasmine.Spy;
  warn.calls.reset();
  let error = '';
  let values = 0;
  let isOver = false;
  const subscription = stream.subscribe({
    next: () => values++,
    error: (found: unknown) => {
      error = String(found);
      isOver = true;
    },
    complete: () => (isOver = true),
  });
  for (let turn = 0; turn < turns && !isOver; turn++) await settle(1);
  await settle(3);
  subscription.unsubscribe();
  await settle(2);
  return { text: [error, ...(warn.calls.allArgs().flat() as string[])].join('\n'), values };
}

/** A spec for each message: it comes, and with each of its cures the stream has values, no message, and leaves nothing behind. */
export function itIsCured(ailments: Readonly<Record<string, Ailment>>, turns = TURNS): void {
  beforeEach(() => {
    dl.disableDebugMode(); // what was warned of before is forgotten
    spyOn(console, 'warn');
  });

  for (const [name, { says, stream, cures }] of Object.entries(ailments)) {
    it(`works: ${name}`, async () => {
      expect((await said(stream(), turns)).text).toContain(says);
      for (const [cure, cured] of Object.entries(cures)) {
        dl.disableDebugMode();
        const before = dl.memory().numTensors;
        const { text, values } = await said(cured(), turns);
        expect(text.trim()).withContext(cure).toBe('');
        expect(values).withContext(cure).toBeGreaterThan(0);
        expect(dl.memory().numTensors).withContext(cure).toBe(before);
      }
    });
  }
}
