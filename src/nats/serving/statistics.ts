/** What an instance of a served model has done. */

/** The numbers of an instance since it began. */
export interface ServiceStatistics {
  /** Requests that were answered, with a result or an error. */
  readonly requests: number;
  /** Requests that were answered with an error. */
  readonly errors: number;
  /** The text of the last error; '' if there was none. */
  readonly lastError: string;
  /** Requests that were not taken: damaged ones, and those beyond the queue. They are errors too. */
  readonly refused: number;
  /** Requests that were called off, or whose time was over, before the model ran. */
  readonly cancelled: number;
  /** Calls of the model. */
  readonly batches: number;
  /** Seconds from the arrival of requests to their answers, all together. */
  readonly seconds: number;
  /** Seconds that the model ran. */
  readonly modelSeconds: number;
  /** Requests that wait now. */
  readonly waiting: number;
}

export type Counts = { -readonly [K in keyof ServiceStatistics]: ServiceStatistics[K] };

export const noCounts = (): Counts => ({
  requests: 0,
  errors: 0,
  lastError: '',
  refused: 0,
  cancelled: 0,
  batches: 0,
  seconds: 0,
  modelSeconds: 0,
  waiting: 0,
});
