import { connect, type NatsConnection } from '@nats-io/transport-node';
import { lastValueFrom, toArray } from 'rxjs';
import * as dl from 'rxtensor';
import { startNatsServer, type NatsServer } from '../../../scripts/nats-server';
import { dataParallel } from './data-parallel';

describe('x-n2 smoke', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server.stop());
  const join = (): Promise<NatsConnection> =>
    connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 200 });

  it('one member', async () => {
    const c = await join();
    const v = dl.tidy(() => dl.variable(dl.scalar(0), true, 'slope'));
    const sgd = dl.train.sgd(0.1);
    const peers = dataParallel(c, 'one', { size: 1, variables: [v] });
    const losses = await lastValueFrom(
      dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] }, { epochs: 5 }).pipe(
        dl.batch(2),
        dl.trainStep(sgd, ({ x, y }) => dl.losses.meanSquaredError(y, v.mul(x)), { peers }),
        dl.download(),
        toArray(),
      ),
    );
    console.log(losses, peers.traffic, v.dataSync());
    dl.dispose(v);
    await c.drain();
  });
});
