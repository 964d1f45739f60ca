/** What the client says of a server without JetStream, and of a connection that is closed, in words that have a cure. */
import { ClosedConnectionError, DrainingConnectionError, type NatsConnection } from '@nats-io/nats-core';
import { closedMessage } from './connection';
import { messageOf } from './refusals';

/** Codes of the server's API: JetStream is not enabled for the account, or not at all. */
const NOT_ENABLED: readonly unknown[] = [10039, 10076];

/** What the client says where nobody answers for JetStream. It does not hand on the class of this error. */
const NO_ANSWERER = 'jetstream is not enabled';

const isClosed = (error: unknown): boolean =>
  error instanceof ClosedConnectionError || error instanceof DrainingConnectionError;

export const isNotEnabled = (error: unknown): boolean =>
  messageOf(error) === NO_ANSWERER || NOT_ENABLED.includes((error as { code?: unknown } | undefined)?.code);

/**
 * An error of the client with the caller's name and a cure, if it is one of these; otherwise the error itself.
 *
 * @param without what can be done without JetStream, to end the sentence with
 */
export function explained(caller: string, connection: NatsConnection, error: unknown, without = ''): unknown {
  const { cause } = (error ?? {}) as { readonly cause?: unknown };
  if (isClosed(error) || isClosed(cause) || connection.isClosed())
    return new Error(closedMessage(caller), { cause: error });
  if (isNotEnabled(error) || isNotEnabled(cause))
    return new Error(
      `${caller}: the server has no JetStream for this user (${messageOf(error)}); wanted a server that was started with it, as 'nats-server -js'${without}`,
      { cause: error },
    );
  return error;
}
