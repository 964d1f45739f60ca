// `npm run bench:serving`: how many requests served models answer in a second, over a NATS server of its own: by one instance and by two, and one
// by one and in batches. Prints a table.
import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { connect } from '@nats-io/transport-node';
import * as dl from 'rxtensor';
import { remoteModel } from 'rxtensor/nats';
import { startNatsServer } from '../../scripts/nats-server';
import { models } from './models';

const SECONDS = Number(process.argv[2] ?? 4);
const WARM_UP_SECONDS = 1;
/** Requests that are out at a time: enough to fill a batch, and to keep every instance at work. */
const CONCURRENCY = 32;

interface Setting {
  readonly model: string;
  readonly instances: number;
  readonly maxBatch: number;
}

function startInstance(url: string, { model, maxBatch }: Setting): Promise<ChildProcess> {
  const child = fork(new URL('./instance.ts', import.meta.url), [url, model, String(maxBatch)], {
    execArgv: ['--import', 'tsx'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`an instance ended with code ${code}`)));
  });
}

/** Requests answered in a second. */
async function measure(url: string, setting: Setting): Promise<number> {
  const instances = await Promise.all(
    Array.from({ length: setting.instances }, () => startInstance(url, setting)),
  );
  const connection = await connect({ servers: url });
  const { shape } = models[setting.model]!();
  const end = (WARM_UP_SECONDS + SECONDS) * 1000;
  const start = performance.now();
  let answered = 0;
  // Endless: the time decides.
  const numbers = (function* () {
    while (performance.now() - start < end) yield 1;
  })();
  await dl
    .examples(numbers, { inFlight: 4 * CONCURRENCY })
    .pipe(
      dl.mapTensor((x) => dl.fill(shape as number[], x)),
      remoteModel<dl.Tensor, dl.Tensor>(connection, setting.model, { concurrency: CONCURRENCY }),
    )
    .forEach(() => {
      const passed = performance.now() - start;
      if (passed > WARM_UP_SECONDS * 1000 && passed < end) answered++;
    });
  await connection.close();
  for (const each of instances) each.kill();
  return answered / SECONDS;
}

dl.setBackend('cpu');
const server = await startNatsServer();
const rate = (model: string, instances: number, maxBatch: number): Promise<number> =>
  measure(server.url, { model, instances, maxBatch });
const rows: (readonly [what: string, before: number, after: number, wanted: number])[] = [
  ['a heavy model: 1 instance, 2 instances', await rate('heavy', 1, 1), await rate('heavy', 2, 1), 1.4],
  [
    'a wide model, 1 instance: one by one, batches of 32',
    await rate('wide', 1, 1),
    await rate('wide', 1, 32),
    1.8,
  ],
];
await server.stop();
console.log(`Requests a second on ${availableParallelism()} processors, over ${SECONDS} s each:\n`);
console.log('| | first | second | times | wanted |\n| --- | ---: | ---: | ---: | ---: |');
for (const [what, before, after, wanted] of rows)
  console.log(
    `| ${what} | ${before.toFixed(1)} | ${after.toFixed(1)} | ${(after / before).toFixed(2)} | ≥ ${wanted} |`,
  );
process.exit(0);
