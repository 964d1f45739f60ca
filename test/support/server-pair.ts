import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { startNatsServer, type NatsServer } from '../../scripts/nats-server';

const LONGEST_ELECTION_MS = 30_000;

/** A port that is free now. The servers of a cluster must know each other's before they start. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Starts two servers of one cluster, and waits until JetStream has elected its leader and takes orders. */
export async function startServerPair(): Promise<readonly [NatsServer, NatsServer]> {
  const ports = await Promise.all([freePort(), freePort()]);
  const config = (own: number): string =>
    `server_name: server-${own}\n` +
    `cluster { name: pair, listen: "127.0.0.1:${ports[own]!}", routes: ["nats-route://127.0.0.1:${ports[1 - own]!}"] }`;
  const pair = await Promise.all([
    startNatsServer({ config: config(0) }),
    startNatsServer({ config: config(1) }),
  ]);
  const connection = await connect({ servers: pair.map(({ url }) => url) });
  try {
    const end = Date.now() + LONGEST_ELECTION_MS;
    for (;;) {
      try {
        const { streams } = await jetstreamManager(connection);
        await streams.add({ name: 'trial', subjects: ['trial'] });
        await streams.delete('trial');
        return pair;
      } catch (error) {
        if (Date.now() > end) throw error;
        await sleep(50);
      }
    }
  } catch (error) {
    for (const each of pair) await each.stop();
    throw error;
  } finally {
    await connection.close();
  }
}
