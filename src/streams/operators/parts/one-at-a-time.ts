/**
 * Makes a guard that throws when a value comes while the operator's function still works on the previous value. Otherwise a state could be
 * lost, or a step could change the variables in the middle of computing a loss. A subscriber may feed values back: they come after the
 * function has returned.
 *
 * @param operator the operator's name, for messages
 * @param what the function's name, for messages
 */
export function oneAtATime(operator: string, what: string): <T>(work: () => T) => T {
  let isRunning = false;
  return (work) => {
    if (isRunning) {
      throw new Error(
        `${operator}: a value came while ${what} was at work on the one before it; wanted values that come when it has returned: fed ` +
          'back by whoever subscribes below, or in a later turn',
      );
    }
    isRunning = true;
    try {
      return work();
    } finally {
      isRunning = false;
    }
  };
}
