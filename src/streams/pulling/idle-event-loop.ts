import { reportUnhandled } from '../notify';

interface NodeProcess {
  on?: (event: 'beforeExit', listener: () => void) => unknown;
  off?: (event: 'beforeExit', listener: () => void) => unknown;
}

const waiting = new Set<() => void>();

/**
 * Limits the rounds in a row. A listener may make a stream fail, subscribe again and wait again; without a limit, a program that does
 * nothing else would never end.
 */
const MOST_ROUNDS = 100;
const IN_A_ROW_MS = 1000;
let rounds = 0;
let lastRound = -Infinity;

function tellAll(): void {
  const now = performance.now();
  rounds = now - lastRound < IN_A_ROW_MS ? rounds + 1 : 1;
  lastRound = now;
  if (rounds <= MOST_ROUNDS) for (const each of [...waiting]) each();
  // The error is reported only once in a row, because a handler of uncaught errors may keep the program running.
  if (rounds === MOST_ROUNDS + 1) {
    reportUnhandled(
      new Error(
        `a stream that cannot go on was subscribed to again, ${MOST_ROUNDS} times in a row: retry() or repeat() without a count does so for ` +
          'ever. Give it a count, or remove the cause of its errors',
      ),
    );
  }
}

/**
 * Calls `tell` when Node's event loop has nothing left to do. A stream that still waits then would wait forever, and the process would end
 * without a message. In a page, `tell` is never called.
 *
 * @returns a function that cancels the call
 */
export function whenNothingIsLeft(tell: () => void): () => void {
  const { process } = globalThis as { process?: NodeProcess };
  if (!process?.on || !process.off) return () => undefined;
  if (waiting.size === 0) process.on('beforeExit', tellAll);
  waiting.add(tell);
  return () => {
    waiting.delete(tell);
    if (waiting.size === 0) process.off?.('beforeExit', tellAll);
  };
}
