import type { NatsConnection } from '@nats-io/nats-core';
import { described, isIntegerFrom } from '../../tensor/argument';
import { assertOptions, type OptionNames } from '../../tensor/options';
import type { Variable } from '../../tensor/variable';
import { assertPositiveInteger, assertSeed, wrongGiven } from '../../streams/checks/arguments';
import { parameters } from '../../streams/ownership/remembered-variables';
import { assertConnection, mostMessage } from '../connection';
import { assertShareable, layoutOf, type Layout } from './layout';
import { usualPatience, type Patience } from './patience';
import { isName } from './subjects';

/** How members of a run train together. All members give the same, except for `name` and `patience`. */
export interface DataParallelOptions {
  /** How many members begin the run. Others may join later, and members may leave. */
  readonly size: number;
  /** The name of this member, of letters, digits, `_` and `-`, unique in the run; drawn when left out. A server can permit a member to publish under its name only. */
  readonly name?: string;
  /** The trained variables, which need names of their own; all trainable ones when left out. */
  readonly variables?: readonly Variable[];
  /** Variables that the loss function itself changes, as the moving statistics of a batch normalisation: their mean over the members is taken with each step. */
  readonly statistics?: readonly Variable[];
  /** Where the random numbers of the members begin; 0 when left out. A step draws from (seed, step, member), whatever was drawn before. */
  readonly seed?: number;
  /**
   * - `'shared'`: all members are given the same batches, and each computes its part of the rows. This is the default.
   * - `'own'`: each member brings batches of its own.
   */
  readonly batches?: 'shared' | 'own';
  /**
   * How many steps each member takes by itself before the members average what has changed: 1 when left out. With H > 1, this is DiLoCo (Douillard et al.,
   * 2023): the optimizer given to `trainStep` is the inner one, and the averaged difference is the gradient of an outer one, Nesterov's momentum. It
   * sends 1/H of the bytes, and is not exact.
   */
  readonly localSteps?: number;
  /** The learning rate of the outer optimizer of `localSteps`; 0.7 when left out. */
  readonly outerLearningRate?: number;
  /** The momentum of the outer optimizer of `localSteps`; 0.9 when left out. */
  readonly outerMomentum?: number;
  /**
   * Members that compute otherwise than the first (another backend, or another kind of kernels) round otherwise. They take over the first member's
   * state each time so many steps have been taken; 100 when left out. Members that compute alike have the same bits without that.
   */
  readonly follow?: number;
  /** How long others are waited for, in milliseconds. */
  readonly patience?: Partial<Patience>;
}

const names: OptionNames<DataParallelOptions> = {
  size: 1,
  name: 1,
  variables: 1,
  statistics: 1,
  seed: 1,
  batches: 1,
  localSteps: 1,
  outerLearningRate: 1,
  outerMomentum: 1,
  follow: 1,
  patience: 1,
};

/** The options of a run, checked, with their defaults. */
export interface Settings {
  readonly connection: NatsConnection;
  readonly run: string;
  readonly size: number;
  readonly name: string;
  readonly variables: readonly Variable[] | null;
  readonly statistics: readonly Variable[];
  readonly seed: number;
  readonly batches: 'shared' | 'own';
  readonly localSteps: number;
  readonly outerLearningRate: number;
  readonly outerMomentum: number;
  readonly follow: number;
  readonly patience: Patience;
}

const OPERATOR = 'dataParallel';

/** @throws when something is wrong */
export function settingsOf(connection: NatsConnection, run: string, options: DataParallelOptions): Settings {
  assertConnection(OPERATOR, connection);
  if (!isName(run))
    throw wrongGiven(OPERATOR, "argument 'run'", run, "a name of at most 64 letters, digits, '_' and '-'");
  assertOptions<DataParallelOptions>(OPERATOR, options, names);
  const {
    size,
    name = drawnName(),
    variables,
    statistics = [],
    seed = 0,
    batches = 'shared',
    localSteps = 1,
    outerLearningRate = 0.7,
    outerMomentum = 0.9,
    follow = 100,
    patience = {},
  } = options;
  assertPositiveInteger(OPERATOR, "option 'size'", size);
  if (!isName(name))
    throw wrongGiven(
      OPERATOR,
      "option 'name'",
      name,
      "a name of at most 64 letters, digits, '_' and '-', but not 'all'",
    );
  for (const [option, list] of Object.entries({ variables: variables ?? [], statistics })) {
    if (!Array.isArray(list)) throw wrongGiven(OPERATOR, `option '${option}'`, list, 'an array of variables');
    assertShareable(OPERATOR, option, list as readonly Variable[]);
  }
  assertSeed(OPERATOR, seed);
  if (batches !== 'shared' && batches !== 'own')
    throw wrongGiven(OPERATOR, "option 'batches'", batches, "'shared' or 'own'");
  assertPositiveInteger(OPERATOR, "option 'localSteps'", localSteps);
  assertPositiveInteger(OPERATOR, "option 'follow'", follow);
  if (!(outerLearningRate > 0 && outerLearningRate < Infinity))
    throw wrongGiven(OPERATOR, "option 'outerLearningRate'", outerLearningRate, 'a positive number');
  if (!(outerMomentum >= 0 && outerMomentum < 1))
    throw wrongGiven(OPERATOR, "option 'outerMomentum'", outerMomentum, 'a number in [0, 1)');
  for (const [key, value] of Object.entries(patience))
    if (!Object.hasOwn(usualPatience, key) || !isIntegerFrom(value, 1))
      throw new Error(
        `${OPERATOR}: option 'patience' has ${described(value)} as '${key}'; wanted milliseconds, as one of ` +
          Object.keys(usualPatience).join(', '),
      );
  return {
    connection,
    run,
    size,
    name,
    variables: variables ?? null,
    statistics,
    seed,
    batches,
    localSteps,
    outerLearningRate,
    outerMomentum,
    follow,
    patience: { ...usualPatience, ...patience },
  };
}

function drawnName(): string {
  return Array.from({ length: 2 }, () => Math.floor(Math.random() * 2 ** 32).toString(36)).join('');
}

/** The trained variables of a run that begins now. @throws when there are none, or one cannot be shared */
export function trainedBy({ variables, statistics }: Settings): readonly Variable[] {
  const trained = variables ?? parameters().filter(({ trainable }) => trainable);
  assertShareable(OPERATOR, 'variables', trained);
  const both = trained.find((each) => statistics.includes(each));
  if (both)
    throw new Error(
      `${OPERATOR}: option 'statistics' has '${both.name}', which is trained; wanted other variables`,
    );
  if (trained.length === 0)
    throw new Error(`${OPERATOR}: there is no trainable variable; wanted at least one`);
  return trained;
}

/** The layout of a run. @param optimizer its name @param plain how steps are taken besides */
export function layoutFor(
  settings: Settings,
  trained: readonly Variable[],
  optimizer: string,
  plain: Readonly<Record<string, string | number>>,
): Layout {
  const { seed, batches, localSteps, outerLearningRate, outerMomentum, statistics, connection } = settings;
  // Members cut the vector into messages by what their servers take.
  const mostPayload = mostMessage(connection);
  const own = { seed, batches, localSteps, outerLearningRate, outerMomentum, mostPayload };
  return layoutOf(trained, statistics, { optimizer, ...plain, ...own });
}
