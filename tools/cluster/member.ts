/** A process of `npm run cluster`: a member of the run. Its job comes as JSON in the first argument; it reports a line of JSON for each step. */
import { createInterface } from 'node:readline';
import { connect } from '@nats-io/transport-node';
import { lastValueFrom, tap, toArray } from 'rxjs';
import { download, memory, waitUntil } from 'rxtensor';
import { dataParallel } from 'rxtensor/nats';
import { readings } from '../../examples/mnist-terminal/reading';
import { readMnist } from '../../examples/mnist-terminal/digits';
import { accuracyOf } from '../../examples/mnist-terminal/score';
import { disposeModel } from '../../examples/mnist-model';
import { usualJob, type Command, type Job, type Report } from './job';
import { batchesOf, begin, hashOf, steps } from './training';

const STALL_MS = 1500;

/** The time of day, in ms, as fine as the clock is. */
const now = (): number => performance.timeOrigin + performance.now();

const job: Job = { ...usualJob, ...(JSON.parse(process.argv[2] ?? '{}') as Partial<Job>) };

const unsaid: string[] = [];

function report(line: Report): void {
  unsaid.push(`${JSON.stringify(line)}\n`);
  if (job.silent && line.kind === 'step') return;
  process.stdout.write(unsaid.join(''));
  unsaid.length = 0;
}

async function main(): Promise<void> {
  let { pause } = job;
  const connection = await connect({
    servers: job.url.split(','),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 0,
    waitOnFirstConnect: true,
    noEcho: true,
  });
  createInterface({ input: process.stdin }).on('line', (line) => {
    const command = line as Command;
    if (command === 'hurry') pause = 0;
    else if (command === 'cut') void connection.reconnect().catch(() => undefined);
    // Blocks this thread, as a long computation does.
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALL_MS);
  });
  const { train, test } = await readMnist(undefined, job.limit);
  const before = memory().numTensors;
  const training = begin(job);
  const { model, optimizer } = training;
  const { run, name, size, seed, localSteps } = job;
  const peers = dataParallel(connection, run, {
    size,
    name,
    seed,
    localSteps,
    variables: [...model.variables],
  });
  let first = 0;
  let last = 0;
  let members: readonly string[] = [];
  let told = 0;
  const tellStep = (loss: number): void => {
    told = optimizer.iterations;
    const hash = job.hashes ? hashOf(model) : '';
    report({ kind: 'step', step: told, loss, hash, members, time: job.hashes ? last : now() });
  };
  await lastValueFrom(
    batchesOf(train, job).pipe(
      steps(training, peers),
      tap(() => {
        if (pause > 0) waitUntil(new Promise((resolve) => setTimeout(resolve, pause)));
        last = now();
        first ||= last;
        ({ members } = peers);
        if (job.hashes) tellStep(0);
      }),
      download(),
      tap((loss) => {
        if (!job.hashes) tellStep(loss);
      }),
    ),
    { defaultValue: null },
  );
  // One that was away during the last steps has taken over what the others had at the end.
  if (job.hashes && optimizer.iterations > told) tellStep(0);
  const isFirst = members[0] === name;
  const accuracy =
    job.test && isFirst ? accuracyOf(await lastValueFrom(readings(model, test).pipe(toArray())), test) : null;
  const traffic = peers.traffic!;
  disposeModel(model);
  optimizer.dispose();
  report({
    kind: 'done',
    accuracy,
    leftTensors: memory().numTensors - before,
    ...traffic,
    milliseconds: last - first,
  });
  await connection.drain();
}

try {
  await main();
  process.exit(0);
} catch (error) {
  report({ kind: 'error', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
}
