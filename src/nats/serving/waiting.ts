/** The requests that wait for the model, in the order in which they came; and which of them are computed together. */
import type { Msg } from '@nats-io/nats-core';
import type { Decoded } from '../codec';
import type { Form } from '../../tensor/rows/one-form';

/** A request that waits for the model. */
export interface Waiting {
  readonly message: Msg;
  readonly input: Decoded;
  /** How many rows it has; null if it cannot be joined with others. */
  readonly rows: number | null;
  /** The same object for inputs that can be joined. */
  readonly form: Form;
  readonly arrived: number;
  readonly deadline: number;
  readonly request: string;
}

/** Whether the first request may be joined with more rows. */
export function hasRoom(waiting: readonly Waiting[], maxBatch: number): boolean {
  const [first] = waiting;
  if (maxBatch === 1 || typeof first?.rows !== 'number') return false;
  const fitting = waiting.filter(({ form, rows }) => rows !== null && form === first.form);
  return fitting.reduce((sum, { rows }) => sum + rows!, 0) < maxBatch;
}

/** Takes the first request, and those that can be joined with it. */
export function takeBatch(waiting: Waiting[], maxBatch: number): Waiting[] {
  const first = waiting.shift()!;
  const batch = [first];
  if (first.rows === null) return batch;
  let rows = first.rows;
  for (let i = 0; i < waiting.length;) {
    const each = waiting[i]!;
    if (each.rows !== null && each.form === first.form && rows + each.rows <= maxBatch) {
      batch.push(each);
      rows += each.rows;
      waiting.splice(i, 1);
    } else i++;
  }
  return batch;
}
