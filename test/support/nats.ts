import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startNatsServer, type NatsServer, type NatsServerOptions } from '../../scripts/nats-server';

export interface NatsOfSuite {
  readonly server: NatsServer;
  /** Open while a spec runs. */
  readonly connection: NatsConnection;
}

export interface NatsOfSuiteOptions {
  readonly server?: NatsServerOptions;
  /** Whether a spec has a connection of its own, which it may close, or one is shared by all. */
  readonly connectionOf: 'spec' | 'suite';
  /** Whether the connection outlasts a server that is away for long. */
  readonly isPatient?: boolean;
}

/** Called in a `describe`: starts a server of NATS for its specs, with a connection, and ends both after them. */
export function natsOfSuite({ server, connectionOf, isPatient = false }: NatsOfSuiteOptions): NatsOfSuite {
  const nats = {} as { server: NatsServer; connection: NatsConnection };
  const patience = isPatient ? { reconnectTimeWait: 50, maxReconnectAttempts: -1 } : {};
  const open = async (): Promise<void> => {
    nats.connection = await connect({ servers: nats.server.url, ...patience });
  };
  const close = (): Promise<void> => nats.connection.close();

  beforeAll(async () => {
    nats.server = await startNatsServer(server);
  });
  afterAll(() => nats.server.stop());
  if (connectionOf === 'suite') {
    beforeAll(open);
    // Jasmine calls what comes last first.
    afterAll(close);
  } else {
    beforeEach(open);
    afterEach(close);
  }
  return nats;
}
