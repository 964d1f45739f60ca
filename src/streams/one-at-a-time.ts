/**
 * For an operator whose function cannot begin with a second value while it is at work on the first: a state would be lost, or a loss be
 * computed half before a step and half after it. Values that a subscriber feeds back come when the function has returned.
 *
 * @param operator for messages
 * @param what the function, for messages
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
