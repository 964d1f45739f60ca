/**
 * Refuses a value that comes while the operator's function still works on the value before: a state would be lost, or a loss be computed half
 * before a step and half after it. (Values that a subscriber feeds back come after the function has returned.)
 *
 * @param operator for messages
 * @param what what messages call the function
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
