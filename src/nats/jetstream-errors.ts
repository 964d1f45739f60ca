/** What the client says of a server without JetStream, and of a connection that is closed, in words that have a cure. */
import { JetStreamApiError } from '@nats-io/jetstream';
import { ClosedConnectionError, DrainingConnectionError, type NatsConnection } from '@nats-io/nats-core';
import { messageOf } from './refusals';

/** Codes of the server's API: JetStream is not enabled for the account, or not at all. */
const NOT_ENABLED = [10039, 10076];

/** What the client says where nobody answers for JetStream. It does not hand on the class of this error. */
const NO_ANSWERER = 'jetstream is not enabled';

const isClosed = (error: unknown): boolean =>
  error instanceof ClosedConnectionError || error instanceof DrainingConnectionError;

const isNotEnabled = (error: unknown): boolean =>
  messageOf(error) === NO_ANSWERER ||
  (error instanceof JetStreamApiError && NOT_ENABLED.includes(error.code));

/**
 * An error of the client with the caller's name and a cure, if it is one of these; otherwise the error itself.
 *
 * @param without what can be done without JetStream, to end the sentence with
 */
export function explained(caller: string, connection: NatsConnection, error: unknown, without = ''): unknown {
  const { cause } = (error ?? {}) as { readonly cause?: unknown };
  if (isClosed(error) || isClosed(cause) || connection.isClosed())
    return new Error(
      `${caller}: the connection to NATS is closed (${messageOf(error)}); wanted one that is open: connect again, and use the new one`,
      { cause: error },
    );
  if (isNotEnabled(error) || isNotEnabled(cause))
    return new Error(
      `${caller}: the server has no JetStream for this user (${messageOf(error)}); wanted a server that was started with it, as 'nats-server -js'${without}`,
      { cause: error },
    );
  return error;
}
