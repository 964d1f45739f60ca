import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { nkeyAuthenticator, nkeys } from '@nats-io/nats-core';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import * as dl from 'rxtensor';
import { fromNats, natsStore, remoteModel, serveModel } from 'rxtensor/nats';
import { firstValueFrom, toArray } from 'rxjs';
import { startNatsServer, type NatsServer } from '../../scripts/nats-server';
import { toyMember, type Toy } from '../../test/support/toy-member';
import { encodeValue } from './codec';
import { encodePiece, headerOfPiece } from './training/messages';
import { usualPatience } from './training/patience';

const certificate = (name: string): string => resolve('test/support/nats-certificate', name);

/** Users with new keys, by the names of the variables of a configuration. */
function usersOf(names: readonly string[]): Record<string, ReturnType<typeof nkeys.createUser>> {
  return Object.fromEntries(names.map((name) => [name, nkeys.createUser()]));
}

describe('The example configurations of servers', () => {
  const started: { stop(): Promise<void> }[] = [];
  const connections: NatsConnection[] = [];

  afterEach(async () => {
    for (const each of connections.splice(0)) await each.close();
    for (const each of started.splice(0)) await each.stop();
  });

  async function start(file: string, names: readonly string[]) {
    const users = usersOf(names);
    const env = {
      CERTIFICATE: certificate('certificate.pem'),
      KEY: certificate('key.pem'),
      ...Object.fromEntries(names.map((name) => [name, users[name]!.getPublicKey()])),
    };
    const server: NatsServer = await startNatsServer({ config: await readFile(file, 'utf8'), env });
    started.push(server);
    const as = async (name: string, inbox: string): Promise<NatsConnection> => {
      const connection = await connect({
        servers: server.url,
        tls: { caFile: certificate('certificate.pem') },
        authenticator: nkeyAuthenticator(users[name]!.getSeed()),
        inboxPrefix: `_INBOX_${inbox}`,
        reconnect: false,
      });
      connections.push(connection);
      return connection;
    };
    return { server, as };
  }

  /** What the server says against a message, or null if it takes it. */
  async function refusalOf(connection: NatsConnection, act: () => void): Promise<string | null> {
    const errors: string[] = [];
    const watching = (async () => {
      for await (const status of connection.status())
        if (status.type === 'error') errors.push(status.error.message);
    })();
    act();
    await connection.flush();
    await new Promise((resolve) => setTimeout(resolve, 20));
    void watching;
    return errors[0] ?? null;
  }

  it('let a client ask a served model, and neither answer for it nor listen to others', async () => {
    const { server, as } = await start('docs/nats/serving.conf', ['SERVER', 'CLIENT']);
    const instance = await as('SERVER', 'faces');
    const client = await as('CLIENT', 'client');
    const served = await serveModel(instance, 'faces', (x: dl.Tensor) => x.mul(2));
    const ask = (size: number): Promise<number[]> =>
      firstValueFrom(
        dl.examples([1]).pipe(
          dl.mapTensor(() => dl.ones([size])),
          remoteModel<dl.Tensor, dl.Tensor>(client, 'faces'),
          dl.mapTensor((y) => [y.size, y.dataSync()[size - 1]!]),
        ),
      );
    expect(await ask(3)).toEqual([3, 2]);
    expect(await ask(500_000)).toEqual([500_000, 2]);

    expect(await refusalOf(client, () => client.subscribe('faces.>', { callback: () => undefined }))).toMatch(
      /Permissions Violation for Subscription to "faces\.>"/,
    );
    expect(
      await refusalOf(client, () => client.subscribe('_INBOX_faces.>', { callback: () => undefined })),
    ).toMatch(/Permissions Violation for Subscription/);
    expect(await refusalOf(client, () => client.publish('$SRV.PING', ''))).toMatch(
      /Permissions Violation for Publish/,
    );
    expect(await refusalOf(instance, () => instance.publish('faces.predict', ''))).toMatch(
      /Permissions Violation for Publish to "faces\.predict"/,
    );
    // It may not send itself a request either, to answer it in the model's name.
    for (const reply of ['_INBOX_client.x', '$SRV.PING'])
      expect(
        await refusalOf(client, () => {
          client.subscribe('_INBOX_client.rxtensor-parts.mine', {
            max: 1,
            callback: (_error, message) => void message.respond('6'),
          });
          client.publish('_INBOX_client.rxtensor-parts.mine', '', { reply });
        }),
      )
        .withContext(reply)
        .toMatch(/Permissions Violation for Publish/);
    await expectAsync(
      connect({ servers: server.url, tls: { caFile: certificate('certificate.pem') }, reconnect: false }),
    ).toBeRejectedWithError(/Authorization/i);
    await expectAsync(connect({ servers: server.url, reconnect: false })).toBeRejected();
    await served.stop();
  });

  it('let a member of a run publish its own gradients only', async () => {
    const { as } = await start('docs/nats/run.conf', ['ADMIN', 'ONE', 'TWO']);
    const admin = await as('ADMIN', 'admin');
    const state = await new Kvm(admin).create('rxtensor_digits', { allow_direct: false });
    await natsStore(admin, 'start', { bucket: 'rxtensor_digits' }).save(new Uint8Array([1]));
    const one = await as('ONE', 'one');
    const two = await as('TWO', 'two');
    const found = firstValueFrom(fromNats<number>(two, 'rx.digits.part.two.*', { count: 1 }).pipe(toArray()));
    await two.flush();
    one.publish('rx.digits.part.two.one', encodeValue('spec', 5));
    expect(await found).toEqual([5]);

    const allowed = one;
    for (const subject of [
      'rx.digits.part.one.two',
      'rx.digits.part.all.two',
      'rx.other.part.two.one',
      '$KV.rxtensor_other.view',
    ])
      expect(await refusalOf(allowed, () => allowed.publish(subject, encodeValue('spec', 6))))
        .withContext(subject)
        .toMatch(/Permissions Violation for Publish/);
    for (const subject of ['rx.digits.part.two.*', 'rx.>', '_INBOX_two.>'])
      expect(await refusalOf(allowed, () => allowed.subscribe(subject, { callback: () => undefined })))
        .withContext(subject)
        .toMatch(/Permissions Violation for Subscription/);

    // JetStream gives a member what it needs of its own run, and nothing of another.
    const other = await new Kvm(admin).create('rxtensor_other');
    await other.put('view', 'secret');
    await natsStore(admin, 'secret', { bucket: 'rxtensor_other' }).save(new Uint8Array([2]));
    const { config } = await (await jetstreamManager(admin)).streams.info('KV_rxtensor_other');
    const own = { ...config, name: 'KV_rxtensor_digits', subjects: ['$KV.rxtensor_digits.>'] };
    for (const [api, body] of [
      ['DIRECT.GET.KV_rxtensor_other.$KV.rxtensor_other.view', ''],
      ['DIRECT.GET.KV_rxtensor_other', { last_by_subj: '$KV.rxtensor_other.view' }],
      ['STREAM.MSG.GET.KV_rxtensor_other', { last_by_subj: '$KV.rxtensor_other.view' }],
      ['STREAM.MSG.GET.OBJ_rxtensor_other', { seq: 1 }],
      ['STREAM.INFO.KV_rxtensor_other', ''],
      ['STREAM.NAMES', ''],
      ['CONSUMER.CREATE.KV_rxtensor_other', { stream_name: 'KV_rxtensor_other', config: {} }],
      ['CONSUMER.CREATE.OBJ_rxtensor_other.c.$O.rxtensor_other.C.>', {}],
      ...['KV', 'OBJ'].flatMap((kind) => [
        [
          `CONSUMER.CREATE.${kind}_rxtensor_digits`,
          { config: { deliver_subject: 'rx.digits.part.two.x' } },
        ] as const,
        [`CONSUMER.CREATE.${kind}_rxtensor_digits.c.$O.>`, { config: { deliver_subject: 'x' } }] as const,
        [`CONSUMER.DURABLE.CREATE.${kind}_rxtensor_digits.c`, {}] as const,
        [`DIRECT.GET.${kind}_rxtensor_digits`, { seq: 1 }] as const,
      ]),
      ['DIRECT.GET.KV_rxtensor_digits.$KV.rxtensor_digits.view', ''],
      ['STREAM.CREATE.KV_rxtensor_new', { ...config, name: 'KV_rxtensor_new', subjects: ['new'] }],
      ...['other', 'digits'].flatMap((run) => [
        [`STREAM.DELETE.KV_rxtensor_${run}`, ''] as const,
        [`STREAM.PURGE.KV_rxtensor_${run}`, ''] as const,
        [`STREAM.MSG.DELETE.KV_rxtensor_${run}`, { seq: 1 }] as const,
        [`STREAM.CREATE.KV_rxtensor_${run}`, run === 'other' ? config : own] as const,
        [`STREAM.UPDATE.KV_rxtensor_${run}`, run === 'other' ? config : own] as const,
        [`STREAM.DELETE.OBJ_rxtensor_${run}`, ''] as const,
        [`STREAM.UPDATE.OBJ_rxtensor_${run}`, {}] as const,
      ]),
    ] as const)
      expect(
        await refusalOf(one, () =>
          one.publish(`$JS.API.${api}`, body === '' ? '' : JSON.stringify(body), { reply: '_INBOX_one.x' }),
        ),
      )
        .withContext(api)
        .toMatch(/Permissions Violation for Publish/);
    expect((await other.get('view'))?.string()).toBe('secret');

    // What it makes the server or others send is never a piece of another member: it writes one, and has it sent on.
    const forged = encodePiece(
      { kind: 'part', layout: 1, life: 1, epoch: 0, step: 0, bucket: 0, elements: 1, weight: 1 },
      Float32Array.of(7),
    );
    const received: Uint8Array[] = [];
    two.subscribe('rx.digits.part.two.*', { callback: (_error, { data }) => void received.push(data) });
    await two.flush();
    const disguised = { reply: 'rx.digits.part.two.three' };
    await (await new Kvm(one).open('rxtensor_digits')).put('forged', forged);
    for (const request of [{ last_by_subj: '$KV.rxtensor_digits.forged' }, { seq: 1 }])
      one.publish('$JS.API.STREAM.MSG.GET.KV_rxtensor_digits', JSON.stringify(request), disguised);
    one.publish('$KV.rxtensor_digits.forged', forged, disguised);
    await one.flush();
    while (received.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const each of received) expect(headerOfPiece(each)).toBe("it does not begin with 'rxtp'");
    one.subscribe('rx.digits.ask.one.*', {
      max: 1,
      callback: (_error, message) => void message.respond(forged),
    });
    expect(await refusalOf(one, () => one.publish('rx.digits.ask.one.one', '', disguised))).toMatch(
      /Permissions Violation for Publish to "rx\.digits\.part\.two\.three"/,
    );
    expect(received.length).toBe(3);
    await state.purge('forged');

    // They train: two steps, then one whose process ended, a third that joins again, and two steps more.
    const patience = { ...usualPatience, silence: 60, answer: 200 };
    const toyOf = (connection: NatsConnection, name: string): Toy =>
      toyMember({ connection, run: 'digits', name, size: 2, patience });
    const [first, second] = [toyOf(one, 'one'), toyOf(two, 'two')];
    await Promise.all([first.run(2), second.run(2)]);
    await second.membership.close();
    await first.run(4);
    const again = toyOf(two, 'two');
    const joining = again.run(6);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await Promise.all([joining, first.run(6)]);
    // The mean of step + rank, with ranks 0 and 1 in steps 0, 1, 4 and 5.
    expect(first.value()).toBe(0.5 + 1.5 + 2 + 3 + 4.5 + 5.5);
    expect(again.value()).toBe(first.value());
    expect(first.membership.traffic.refused + again.membership.traffic.refused).toBe(0);
    await Promise.all([first, again].map(({ membership }) => membership.finish()));

    const view = await new Kvm(one).open('rxtensor_digits');
    const revision = await view.create('other', '1');
    await expectAsync(view.update('other', '2', revision + 5)).toBeRejected();
    expect((await state.get('other'))?.string()).toBe('1');
    const store = natsStore(two, 'snapshot', { bucket: 'rxtensor_digits' });
    await store.save(new Uint8Array(300_000).fill(7));
    expect((await natsStore(one, 'snapshot', { bucket: 'rxtensor_digits' }).load())?.[299_999]).toBe(7);
  });
});
