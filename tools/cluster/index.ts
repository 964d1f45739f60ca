// `npm run cluster -- --peers 4 --kill 1`: trains MNIST in several processes over a NATS server of its own, and reads the test digits.
import { parseArgs } from 'node:util';
import { readMnist } from '../../examples/mnist-terminal/digits';
import { firstLineOf, UserError } from '../../examples/mnist-terminal/user-error';
import { runCluster } from './cluster';
import { clusterDisplay } from './display';
import { usualJob, type Job } from './job';
import { stepsOf } from './training';

const help = `Trains a network on the MNIST digits in several processes, over a NATS server that it starts.

  npm run cluster -- [options]

  --peers N              processes                                          2
  --kill N               kills so many of them in the middle                0
  --model NAME           cnn (convolutional) or mlp (one hidden layer)      cnn
  --epochs N             how often the training digits are gone through     1
  --batch N              digits a step, of all processes together           256
  --learning-rate R      of Adam                                            0.002
  --local-steps H        steps between two exchanges (DiLoCo)               1
  --limit N              use only the first N digits of each set            all
  --seed N               of the first weights and the order of the digits   1
  --help                 print this`;

const MISUSED = 2;

interface Options {
  readonly peers: number;
  readonly kill: number;
  readonly job: Job;
}

/** @throws UserError when an option is unknown, or its value impossible */
function optionsOf(args: readonly string[]): Options | null {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  let values: Readonly<Record<string, string | boolean>>;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        peers: text('2'),
        kill: text('0'),
        model: text('cnn'),
        epochs: text('1'),
        batch: text('256'),
        'learning-rate': text('0.002'),
        'local-steps': text('1'),
        limit: text('60000'),
        seed: text('1'),
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UserError(firstLineOf(error), { cause: error });
  }
  if (values.help === true) return null;
  const number = (option: string, least: number): number => {
    const value = Number(values[option]);
    if (value >= least && (Number.isSafeInteger(value) || option === 'learning-rate')) return value;
    throw new UserError(
      `option --${option} is '${String(values[option])}'; wanted a number, ${least} or greater`,
    );
  };
  const { model } = values;
  if (model !== 'cnn' && model !== 'mlp')
    throw new UserError(`option --model is '${String(model)}'; wanted cnn or mlp`);
  const [peers, kill] = [number('peers', 1), number('kill', 0)];
  if (kill >= peers)
    throw new UserError(`option --kill is ${kill}; wanted fewer than --peers, which is ${peers}`);
  const job: Job = {
    ...usualJob,
    model,
    epochs: number('epochs', 1),
    batch: number('batch', 1),
    learningRate: number('learning-rate', 1e-9),
    localSteps: number('local-steps', 1),
    limit: number('limit', 1),
    seed: number('seed', 0),
    test: true,
  };
  return { peers, kill, job };
}

async function main(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (!options) {
    console.log(help);
    return;
  }
  const { peers, kill, job } = options;
  const { train } = await readMnist(undefined, job.limit);
  const steps = stepsOf(train, job);
  const display = clusterDisplay(peers, steps, process.stdout);
  const began = performance.now();
  let outcome;
  try {
    outcome = await runCluster({ peers, kill, job, steps, watch: display.show });
  } finally {
    display.close();
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const left = outcome.done.length;
  console.log(
    `${peers} processes${kill > 0 ? `, ${peers - left} killed` : ''}, ${steps} steps, ${seconds} s`,
  );
  if (outcome.accuracy === null) throw new Error('no member has read the test digits');
  console.log(`test accuracy: ${(100 * outcome.accuracy).toFixed(2)} %`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`cluster: ${error.message}\n`);
  process.exitCode = MISUSED;
}
