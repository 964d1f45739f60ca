/** What a member of a cluster is told to do. It crosses to the process as JSON. */
export interface Job {
  /** The address of the server, or several of one cluster, separated by commas; '' for a reference without one. */
  readonly url: string;
  readonly run: string;
  readonly name: string;
  readonly size: number;
  readonly model: 'cnn' | 'mlp' | 'masked';
  /** How many steps; all of the epochs when null. */
  readonly steps: number | null;
  readonly epochs: number;
  /** The digits of a step, of all members together. */
  readonly batch: number;
  readonly learningRate: number;
  readonly seed: number;
  /** How many digits of each set are used. */
  readonly limit: number;
  readonly localSteps: number;
  /** Whether to report a hash of all variables after each step. */
  readonly hashes: boolean;
  /** Whether the first of the members reads the test digits at the end. */
  readonly test: boolean;
  /** Whether the steps are reported at the end, all at once: nobody reads along then on the processors that are measured. */
  readonly silent: boolean;
  /** Milliseconds to wait in each step, so that there is time for faults. */
  readonly pause: number;
}

export const usualJob: Job = {
  url: '',
  run: 'mnist',
  name: 'm1',
  size: 1,
  model: 'cnn',
  steps: null,
  epochs: 1,
  batch: 256,
  learningRate: 0.01,
  seed: 1,
  limit: 60_000,
  localSteps: 1,
  hashes: false,
  test: false,
  silent: false,
  pause: 0,
};

/** What a member reports, a line of JSON each. */
export type Report =
  | {
      readonly kind: 'step';
      readonly step: number;
      readonly loss: number;
      readonly hash: string;
      readonly members: readonly string[];
      /** When, in ms since 1970. */
      readonly time: number;
    }
  | {
      readonly kind: 'done';
      readonly accuracy: number | null;
      /** Tensors that are left beyond those before the run. */
      readonly leftTensors: number;
      readonly sent: number;
      readonly received: number;
      readonly refused: number;
      readonly lastRefusal: string | null;
      /** From the first step to the last, in ms. */
      readonly milliseconds: number;
    }
  | { readonly kind: 'error'; readonly message: string };

/** What a member can be told while it runs, a line each: to cut its connection, to do nothing for a while, or to pause no more. */
export type Command = 'cut' | 'stall' | 'hurry';
