import { headers, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { collect } from './parts';

/** A connection whose sender takes so many ms of the clock for a part. */
function senderOf(partBytes: number, ms: number): { connection: NatsConnection; asked: () => number } {
  let now = 0;
  let asked = 0;
  spyOn(performance, 'now').and.callFake(() => now);
  const request = (_subject: string, _index: string, { timeout }: { timeout: number }): Promise<unknown> => {
    asked++;
    now += Math.min(ms, timeout);
    return ms > timeout
      ? Promise.reject(new Error('timeout'))
      : Promise.resolve({ data: new Uint8Array(partBytes) });
  };
  const connection = { info: { max_payload: 64 * 1024 }, request } as unknown as NatsConnection;
  return { connection, asked: () => asked };
}

function firstOf(size: number, total: number): Pick<Msg, 'data' | 'headers'> {
  const given = headers();
  given.set('Rxtensor-Parts', `${total} ${size} _INBOX.rxtensor-parts.aaaaaaaaaaaaaaaaaaaaaa`);
  return { data: new Uint8Array(size), headers: given };
}

const MOST = 64 * 1024 * 1024;

describe('A payload in parts', () => {
  it('is refused when its parts are small, before one is asked for', async () => {
    const { connection, asked } = senderOf(1, 0);
    await expectAsync(collect(connection, firstOf(1, 60_000_000), MOST, 'spec')).toBeRejectedWithError(
      'spec comes in parts of 1 bytes; wanted at least 3840: parts are as large as the server takes',
    );
    expect(asked()).toBe(0);
  });

  it('is given up when its parts come slowly, however long each takes', async () => {
    const { connection, asked } = senderOf(60_000, 1000);
    const found = await collect(connection, firstOf(60_000, 60_000 * 10), MOST, 'spec');
    expect([found.length, asked()]).toEqual([600_000, 9]);
    await expectAsync(collect(connection, firstOf(60_000, 60_000_000), MOST, 'spec')).toBeRejectedWithError(
      /^spec comes in parts, and the sender has gone or is slow \(.*\): found \d+ bytes; wanted 60000000$/,
    );
    // 10 s, and 0.24 s for each 60,000 bytes.
    expect(asked()).toBeLessThan(25);
  });

  it('is given up at a deadline, and when it is called off', async () => {
    const { connection, asked } = senderOf(60_000, 200);
    await expectAsync(
      collect(connection, firstOf(60_000, 6_000_000), MOST, 'spec', { deadline: 1000 }),
    ).toBeRejectedWithError(/slow/);
    expect(asked()).toBe(5);
    const leaving = new AbortController();
    const rest = collect(
      { ...connection, request: () => new Promise(() => undefined) } as unknown as NatsConnection,
      firstOf(60_000, 600_000),
      MOST,
      'spec',
      { signal: leaving.signal },
    );
    leaving.abort(new Error('called off'));
    await expectAsync(rest).toBeRejectedWithError('called off');
  });
});
