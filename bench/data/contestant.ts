/** A process of its own for each contestant: its memory is its own, and so is what it loads. */
export interface Contestant {
  /** Trains on the rows of a file once. Gives the loss of each step, of the file's rows in their order where they are not shuffled. */
  readonly train: (path: string, isShuffled: boolean) => Promise<readonly number[]>;
  /** Makes the backend ready. */
  readonly prepare?: (wasmPath: string) => Promise<void>;
}

/** What a process is asked to do. */
export interface Task {
  /** A small file: the losses on its rows are compared, and it warms the code up. */
  readonly small: string;
  readonly path: string;
  readonly wasmPath: string;
}

/** What it found. */
export interface Trained {
  /** The losses on the small file, not shuffled. */
  readonly first: readonly number[];
  readonly steps: number;
  readonly lastLoss: number;
  readonly milliseconds: number;
  /** The greatest size of the process in memory, all that it loads included. */
  readonly peakMegabytes: number;
}

/** Runs in the process: trains as it is told, and tells its parent. */
export async function answer({ prepare, train }: Contestant): Promise<void> {
  const { small, path, wasmPath } = JSON.parse(process.argv[2]!) as Task;
  await prepare?.(wasmPath);
  const first = await train(small, false);
  await train(small, true);
  const start = performance.now();
  const losses = await train(path, true);
  const milliseconds = performance.now() - start;
  const trained: Trained = {
    first,
    steps: losses.length,
    lastLoss: losses.at(-1)!,
    milliseconds,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
  process.send?.(trained, () => process.exit(0));
}
