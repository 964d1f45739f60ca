/** A process that only exchanges vectors with others, as members do in a step, and reports the ms that one exchange takes. */
import { connect } from '@nats-io/transport-node';
import { Membership } from '../../src/nats/training/membership';
import { usualPatience } from '../../src/nats/training/patience';

interface Exchange {
  readonly url: string;
  readonly run: string;
  readonly name: string;
  readonly size: number;
  /** The elements of the vector. */
  readonly length: number;
  readonly times: number;
}

const { url, run, name, size, length, times } = JSON.parse(process.argv[2]!) as Exchange;
const WARM = 2;

const connection = await connect({ servers: url, noEcho: true });
const membership = new Membership({
  ...{ connection, run, name, size, mostStateBytes: 1 << 20 },
  arithmetic: () => 'any',
  // Only numbers are wanted, so nobody is given up.
  patience: { ...usualPatience, silence: 20_000, hang: 600_000 },
  layout: { segments: [{ name: 'vector', shape: [length], size: length }], text: 'exchange', hash: 0 },
  state: {
    snapshot: () =>
      Promise.resolve({
        header: {
          ...{ position: 0, length: null, random: { seed: [0, 0], counter: 0 } },
          ...{ variables: [], optimizers: [] },
        },
        values: [],
      }),
    restore: () => undefined,
  },
});
const vector = new Float32Array(length).fill(1);
let began = 0;
for (let step = 0; step < WARM + times; step++) {
  await membership.ready(step);
  if (step === WARM) began = performance.now();
  await membership.average(vector, 1);
  membership.advance();
}
const milliseconds = (performance.now() - began) / times;
const { sent, received } = membership.traffic;
await membership.finish();
const steps = WARM + times;
process.stdout.write(JSON.stringify({ milliseconds, sent: sent / steps, received: received / steps }));
await connection.drain();
process.exit(0);
