/** Wakes whoever waits for something to change. */
export interface Signal {
  readonly wake: () => void;
  /** Resolves with true at the next `wake`, or with false after some milliseconds. */
  readonly wait: (milliseconds: number) => Promise<boolean>;
}

export function signal(): Signal {
  let waiting: (() => void)[] = [];
  return {
    wake: () => {
      const woken = waiting;
      waiting = [];
      for (const each of woken) each();
    },
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting = waiting.filter((each) => each !== woken);
          resolve(false);
        }, milliseconds);
        const woken = (): void => {
          clearTimeout(timer);
          resolve(true);
        };
        waiting.push(woken);
      }),
  };
}

/** Resolves after some milliseconds. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
