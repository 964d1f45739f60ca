// `npm run scale`: measures training over NATS on this machine, and writes docs/scale.md. `-- --most 10` leaves out gradients of more than 10 MB.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Job } from '../cluster/job';
import {
  measureExchange,
  measureGain,
  measureRecovery,
  measureTraining,
  type ExchangeResult,
} from './measure';
import { scalePage, type Measurements } from './page';

const FILE = 'docs/scale.md';
const BATCH = 256;
const LOCAL_STEPS = 50;
const EPOCHS = 5;
const ROUNDS = 9;
const STEPS = 250;

const note = (what: string, value: unknown): void => console.log(what, JSON.stringify(value));

const { most } = parseArgs({ options: { most: { type: 'string', default: '100' } } }).values;

const exchanges: ExchangeResult[] = [];
for (const [members, sizes] of [
  [2, [0.1, 1, 10, 100]],
  [4, [0.1, 1, 10]],
] as const)
  for (const megabytes of sizes.filter((each) => each <= Number(most))) {
    const result = await measureExchange(members, megabytes);
    note('exchange', result);
    exchanges.push(result);
  }

const rounds = await measureGain(
  { model: 'cnn', batch: BATCH, steps: STEPS, epochs: 2, silent: true },
  ROUNDS,
);
note('speed', rounds);

const recovery = { member: await measureRecovery('member'), server: await measureRecovery('server') };
note('recovery', recovery);

const localJob: Partial<Job> = {
  model: 'cnn',
  batch: BATCH,
  epochs: EPOCHS,
  learningRate: 0.002,
  test: true,
};
const together = await measureTraining(2, localJob);
const alone = await measureTraining(2, { ...localJob, localSteps: LOCAL_STEPS });
note('local steps', { together, alone });

const [processor] = cpus();
const measurements: Measurements = {
  machine: `${availableParallelism()} cores of ${processor?.model.trim() ?? 'an unknown processor'}`,
  exchanges,
  speed: { batch: BATCH, steps: STEPS, rounds },
  recovery,
  local: { every: LOCAL_STEPS, epochs: EPOCHS, together, alone },
};
writeFileSync(FILE, scalePage(measurements));
console.log(FILE);
