/** What a page of one library offers: it opens a model, and runs it again. */
export interface ModelPage {
  /** From the first request to the values of the first result: milliseconds, and the values. */
  readonly open: (address: string, compared: readonly string[]) => Promise<Opened>;
  /** Milliseconds of one run, to the values of its results. */
  readonly run: () => Promise<number>;
  /** The values of the latest run. */
  readonly latest: () => readonly (readonly number[])[];
}

export interface Opened {
  readonly first: number;
  readonly values: readonly (readonly number[])[];
}

declare global {
  interface Window {
    modelPage: ModelPage;
  }
}

/** Makes a page of how a model is opened: the result runs it, and gives the values of the results in the order of names. */
export function offer(
  open: (address: string, compared: readonly string[]) => Promise<() => Promise<ArrayLike<number>[]>>,
): void {
  let again: (() => Promise<ArrayLike<number>[]>) | undefined;
  let latest: readonly ArrayLike<number>[] = [];
  window.modelPage = {
    open: async (address, compared) => {
      const start = performance.now();
      again = await open(address, compared);
      const values = await again();
      return { first: performance.now() - start, values: values.map((each) => Array.from(each)) };
    },
    run: async () => {
      const start = performance.now();
      latest = await again!();
      return performance.now() - start;
    },
    latest: () => latest.map((each) => Array.from(each)),
  };
}
