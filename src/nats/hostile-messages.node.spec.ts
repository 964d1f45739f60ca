import { headers } from '@nats-io/nats-core';
import * as dl from 'rxtensor';
import { fromNats, serveModel, type RefusedMessage } from 'rxtensor/nats';
import { natsOfSuite } from '../../test/support/nats';
import { hostileEmissions, randomEmission } from '../../test/support/hostile-emissions';
import { testRun } from '../../test/support/test-run';
import { decodeEmission, encodeValue } from './codec';

const COUNT = testRun().hostile ?? 400;
/** Jasmine takes the same order for the same seed; so does this generator of Lehmer (Park and Miller 1988). */
function generator(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

describe('Hostile messages over NATS', () => {
  const nats = natsOfSuite({ connectionOf: 'suite' });
  const right = encodeValue('spec', {
    xs: new Float32Array([1, 2, 3, 4]),
    label: 'a',
    more: [new Uint8Array([1, 2, 3]), NaN, null],
  });
  const random = generator(testRun().seed ?? 1);
  const all = [
    ...hostileEmissions(right),
    ...Array.from({ length: COUNT }, () => randomEmission(right, random)),
  ];

  it('are read as values, or refused with an error that says where they came from', () => {
    let refused = 0;
    for (const { name, bytes } of all) {
      try {
        decodeEmission(bytes, 'the message');
      } catch (error) {
        refused++;
        expect((error as Error).message)
          .withContext(name)
          .toMatch(/^the message holds (no|an) emission.*; wanted /s);
      }
    }
    expect(refused).toBeGreaterThan(all.length / 2);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('never fail a stream, and are counted', async () => {
    const refused: RefusedMessage[] = [];
    let taken = 0;
    const subscription = fromNats<unknown>(nats.connection, 'hostile.values', {
      buffer: all.length + 10,
      onRefused: (each) => refused.push(each),
    }).subscribe({ next: () => taken++, error: fail });
    await nats.connection.flush();
    for (const { bytes } of all) nats.connection.publish('hostile.values', bytes);
    const wrong = [
      '',
      '1',
      '5000000 100 _INBOX.rxtensor-parts.aaaaaaaaaaaa',
      `9 ${right.length} admin.stop`,
      `99999999999999 ${right.length} _INBOX.rxtensor-parts.aaaaaaaaaaaaaa`,
    ];
    for (const parts of wrong) {
      const sent = headers();
      sent.set('Rxtensor-Parts', parts);
      nats.connection.publish('hostile.values', right, { headers: sent });
    }
    nats.connection.publish('hostile.values', right);
    await nats.connection.flush();
    const wanted = all.length + wrong.length + 1;
    for (let turn = 0; turn < 1000 && refused.length + taken < wanted; turn++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(refused.length + taken).toBe(wanted);
    expect(refused.at(-1)?.count).toBe(refused.length);
    subscription.unsubscribe();
  });

  it('are answered with an error by a served model, which goes on', async () => {
    const served = await serveModel(nats.connection, 'hostile', (x: { xs: Float32Array }) => {
      if (!(x?.xs instanceof Float32Array)) throw new Error('no xs');
      return dl.tensor1d(x.xs).square();
    });
    const codes = new Set<string>();
    for (const { bytes } of all) {
      const answer = await nats.connection.request('hostile.predict', bytes);
      codes.add(answer.headers?.get('Nats-Service-Error-Code') ?? '');
    }
    expect(codes.has('400')).toBeTrue();
    const { value, tensors } = decodeEmission(
      (await nats.connection.request('hostile.predict', right)).data,
      'spec',
    );
    expect(value).toBe(tensors[0]!);
    expect([...tensors[0]!.values]).toEqual([1, 4, 9, 16]);
    expect(served.statistics().requests).toBe(all.length + 1);
    await served.stop();
  });
});
