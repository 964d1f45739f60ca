/** The supply of `fromNats` from core NATS: who publishes does not wait, so that a few messages wait here, and more are dropped. */
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { subscribing } from '../../streams/emission';
import type { Supply } from '../../streams/pulling/pull';
import { decodeEmission, toTensors } from '../codec';
import { placeOf } from '../connection';
import { collect } from '../parts';
import { refusals } from '../refusals';
import type { FromNatsOptions } from './from-nats';

type Item<T> = IteratorResult<T, undefined>;
const DONE = { done: true, value: undefined } as const;
export const DEFAULT_MOST_BYTES = 64 * 1024 * 1024;

export function supplyOfListener<T>(
  name: string,
  connection: NatsConnection,
  subject: string,
  options: FromNatsOptions,
  fail: (error: unknown) => void,
): Supply<T> {
  const { queue, count = Infinity, buffer = 16, mostBytes = DEFAULT_MOST_BYTES, onRefused, onDrop } = options;
  const refused = refusals(onRefused, fail);
  const waiting: Msg[] = [];
  let emitted = 0;
  let finished = 0;
  let dropped = 0;
  let isClosed = false;
  /** Called when something has come or ended. */
  let wake: () => void = () => undefined;
  const somethingNew = (): Promise<void> => new Promise((resolve) => (wake = resolve));

  const subscription = connection.subscribe(subject, {
    ...(queue === undefined ? {} : { queue }),
    callback: (error, message) => {
      if (error) {
        fail(error);
        return;
      }
      if (waiting.length >= buffer) {
        try {
          onDrop?.(++dropped);
        } catch (thrown) {
          fail(thrown);
        }
        return;
      }
      waiting.push(message);
      wake();
    },
  });
  // A subscription that the connection ends, by closing or draining, completes the stream.
  void subscription.closed.then(() => {
    isClosed = true;
    wake();
  });

  const next = async (): Promise<Item<T>> => {
    for (;;) {
      if (emitted >= count) {
        while (finished < emitted && !isClosed) await somethingNew();
        return DONE;
      }
      const message = waiting.shift();
      if (message) {
        try {
          const place = placeOf(name, message.subject);
          const bytes = await collect(connection, message, mostBytes, place);
          const value = subscribing(() => toTensors(name, decodeEmission(bytes, place))) as T;
          emitted++;
          return { done: false, value };
        } catch (error) {
          refused.add(message.subject, error);
        }
      } else if (isClosed) return DONE;
      else await somethingNew();
    }
  };

  return {
    when: 'later',
    next,
    ended: () => {
      finished++;
      wake();
    },
    close: () => {
      isClosed = true;
      wake();
      if (!subscription.isClosed()) subscription.unsubscribe();
    },
  };
}
