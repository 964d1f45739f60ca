/** For specs of messages that name a cure: they provoke each message, apply the cure, and check that it works. */
import * as dl from '../../src/index';
import type { Observable } from 'rxjs';
import { settle } from './marbles';

export interface Ailment {
  /** A part of the error or the warning. */
  readonly says: string;
  readonly stream: () => Observable<unknown>;
  /** Cures by their words in the message: each makes a stream that applies the cure. */
  readonly cures: Readonly<Record<string, () => Observable<unknown>>>;
}

/** The turns of the event loop after which a stream that has not ended is unsubscribed. */
const TURNS = 400;

/** Runs a stream. Returns its error and warnings as text, and the number of its values. */
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

/** Defines a spec for each message: the message comes; with each of its cures the stream has values and no message, and leaks nothing. */
export function itIsCured(ailments: Readonly<Record<string, Ailment>>, turns = TURNS): void {
  beforeEach(() => {
    dl.disableDebugMode(); // Forgets earlier warnings.
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
