/**
 * Runs `work` at growing distances from the end of the engine's stack, so that the stack overflows at each of its calls in turn. Errors of
 * `work` are ignored.
 *
 * @param distance the greatest distance, in frames of about 100 bytes
 * @param afterwards called after each run, with enough stack
 * @returns the number of runs that overflowed the stack, and of those that did not
 */
export function nearStackEnd(
  distance: number,
  work: () => void,
  afterwards: (message: string) => void,
): { cutOff: number; whole: number } {
  // Engines compile a function at its first calls, which takes far more stack than a call.
  for (let i = 0; i < 3; i++) work();
  afterwards('with plenty of room');
  const found = { cutOff: 0, whole: 0 };
  for (let left = 0; left <= distance; left++) {
    let isBegun = false;
    let isWhole = false;
    /** Recurses to the end of the stack, and runs the work on the way back. Returns the distance from the end, in frames. */
    const dive = (): number => {
      let above = 0;
      try {
        above = dive() + 1;
      } catch (error) {
        if (!isOverflow(error)) throw error;
      }
      if (above !== left || isBegun) return above;
      isBegun = true;
      work();
      isWhole = true;
      return above;
    };
    dive();
    found[isWhole ? 'whole' : 'cutOff']++;
    afterwards(`${left} frames from the end of the stack`);
  }
  return found;
}

/** Whether it is the error of a stack overflow in V8, JavaScriptCore or SpiderMonkey. */
function isOverflow(error: unknown): boolean {
  return error instanceof RangeError || (error as Error | undefined)?.name === 'InternalError';
}

/**
 * Whether the engine may leave out the `finally` of a function that it has compiled, when the stack overflows in it. SpiderMonkey does (Firefox 153): it goes
 * back to interpreted frames for a handler, and where these do not fit on the stack, the frame is dropped without it. Functions of a few lines, without the
 * library, showed it in every run with 40 rounds of {@link nearStackEnd}, each after some more thousand calls.
 */
export const leavesOutFinally = 'InternalError' in globalThis;
