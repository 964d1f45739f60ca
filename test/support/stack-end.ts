/**
 * Runs `work` ever further from the end of the engine's stack, beginning where hardly a call has room, so that the stack runs over at each of
 * its calls in turn. What it throws is dropped.
 *
 * @param distance the last distance, in frames of some 100 bytes
 * @param afterwards called after each run, with plenty of room
 * @returns how many runs were cut off, and how many were not
 */
export function nearStackEnd(
  distance: number,
  work: () => void,
  afterwards: (message: string) => void,
): { cutOff: number; whole: number } {
  // An engine compiles a function at its first call, which takes far more of the stack than the call.
  for (let i = 0; i < 3; i++) work();
  afterwards('with plenty of room');
  const found = { cutOff: 0, whole: 0 };
  for (let left = 0; left <= distance; left++) {
    let isBegun = false;
    let isWhole = false;
    /** Goes to the end, and does the work on the way back; gives how far from the end it is. */
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

/** As the engines have it: V8 and JavaScriptCore, and SpiderMonkey. */
function isOverflow(error: unknown): boolean {
  return error instanceof RangeError || (error as Error | undefined)?.name === 'InternalError';
}
