/** Computes batches of requests, and answers them. */
import type { Decoded } from '../codec';
import type { Answers } from './answers';
import { joined } from './batching';
import { parted } from './parting';
import * as protocol from './protocol';
import type { Counts } from './statistics';
import type { Waiting } from './waiting';

const FAILURES_UNTIL_UNWELL = 3;

export interface BatchRunner {
  readonly compute: (batch: readonly Waiting[]) => Promise<void>;
  /** False after three calls of the model on end have failed, until one succeeds. */
  readonly isWell: () => boolean;
}

export function batchRunner(
  run: (input: Decoded) => Promise<Decoded>,
  answers: Answers,
  counts: Counts,
): BatchRunner {
  let failures = 0;

  const compute = async (batch: readonly Waiting[]): Promise<void> => {
    const start = performance.now();
    let result: Decoded | null = null;
    let fault: unknown;
    try {
      result = await run(joined(batch.map(({ input }) => input)));
    } catch (error) {
      fault = error;
    }
    counts.batches++;
    counts.modelSeconds += (performance.now() - start) / 1000;
    if (!result && batch.length > 1) {
      // One request may have made it fail: the others must not fail with it, nor read of it in an error.
      const middle = Math.ceil(batch.length / 2);
      await compute(batch.slice(0, middle));
      await compute(batch.slice(middle));
      return;
    }
    try {
      if (!result) throw fault;
      const rows = batch.map((each) => each.rows ?? 1);
      parted(result, rows).forEach((part, i) => answers.result(batch[i]!, part));
      failures = 0;
    } catch (error) {
      failures++;
      for (const { message, arrived } of batch) answers.error(message, arrived, protocol.code.model, error);
    }
  };

  return { compute, isWell: () => failures < FAILURES_UNTIL_UNWELL };
}
