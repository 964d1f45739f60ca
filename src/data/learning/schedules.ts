import { Observable } from 'rxjs';
import { assertPositiveInteger, wrongGiven } from '../../streams/checks/arguments';
import { stepsOf } from '../../streams/training/noted-steps';
import { Optimizer } from '../../tensor/optimizers/optimizer';
import { assertOptions, type OptionNames } from '../../tensor/options';

/** Gives the learning rate (or another hyper-parameter) of a step: 0 for the first. */
export type ScheduleRule = (step: number) => number;

/**
 * A hyper-parameter that follows the steps of an optimizer, for `trainStep`'s options `learningRate` and `hyperparameters`. The optimizer counts its
 * steps, and checkpoints keep the count, so that a resumed run goes on at its place in the schedule.
 *
 * ```text
 *  steps                   --1-----2-----3--
 *  schedule(adam, rule)    r(0)-r(1)--r(2)--r(3)
 * ```
 *
 * @throws when an argument is wrong; as an error notification, when the rule gives no finite number
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { schedule, warmRestarts } from 'rxtensor/data';
 * const w = dl.variable(0);
 * const sgd = dl.train.sgd(0.1);
 * dl.examples([1, 2, 3, 4], { epochs: 3 })
 *   .pipe(
 *     dl.batch(1),
 *     dl.trainStep(sgd, (x) => dl.losses.meanSquaredError(x, w.mul(x)), {
 *       learningRate: schedule(sgd, warmRestarts({ rate: 0.1, period: 5 })),
 *     }),
 *     dl.download(),
 *   )
 *   .subscribe({ next: (loss) => console.log(loss), complete: () => dl.dispose(w) });
 * ```
 */
export function schedule(optimizer: Optimizer, rule: ScheduleRule): Observable<number> {
  const name = 'schedule';
  if (!((optimizer as unknown) instanceof Optimizer))
    throw wrongGiven(name, "argument 'optimizer'", optimizer, 'an optimizer, as train.adam()');
  if (typeof rule !== 'function') throw wrongGiven(name, "argument 'rule'", rule, 'a function of the step');
  return new Observable((subscriber) => {
    const follow = (): void => {
      if (subscriber.closed) return;
      const value: unknown = rule(optimizer.iterations);
      if (Number.isFinite(value)) {
        stepsOf(optimizer).whenTaken(follow);
        subscriber.next(value as number);
      } else {
        subscriber.error(
          new Error(
            `${name}: argument 'rule' gave ${String(value)} for step ${optimizer.iterations}; wanted a finite number`,
          ),
        );
      }
    };
    follow();
  });
}

/** What all rules begin with. */
interface Rate {
  /** The rate at the beginning. */
  readonly rate: number;
}

/** Options of {@link stepDecay} and {@link exponentialDecay}. */
export interface DecayOptions extends Rate {
  /** The number of steps in which the rate falls to `factor` times what it was. */
  readonly every: number;
  /** By which it is multiplied; 0.1 when left out for `stepDecay`, 0.5 for `exponentialDecay`. */
  readonly factor?: number;
}

const decayOptions: OptionNames<DecayOptions> = { rate: 1, every: 1, factor: 1 };

/**
 * A rate that falls in steps: after every `every` steps it is multiplied by `factor`.
 *
 * @throws when an option is wrong
 * @example
 * ```ts
 * import { stepDecay } from 'rxtensor/data';
 * const rule = stepDecay({ rate: 1, every: 100 });
 * console.log(rule(99), rule(100)); // 1 0.1
 * ```
 */
export function stepDecay(options: DecayOptions): ScheduleRule {
  const { rate, every, factor } = decay('stepDecay', options, 0.1);
  return (step) => rate * factor ** Math.floor(step / every);
}

/**
 * A rate that falls smoothly: in `every` steps to `factor` times what it was.
 *
 * @throws when an option is wrong
 * @example
 * ```ts
 * import { exponentialDecay } from 'rxtensor/data';
 * console.log(exponentialDecay({ rate: 1, every: 100 })(200)); // 0.25
 * ```
 */
export function exponentialDecay(options: DecayOptions): ScheduleRule {
  const { rate, every, factor } = decay('exponentialDecay', options, 0.5);
  return (step) => rate * factor ** (step / every);
}

function decay(name: string, options: DecayOptions, usual: number): Required<DecayOptions> {
  assertOptions<DecayOptions>(name, options, decayOptions);
  const { rate, every, factor = usual } = options;
  assertRate(name, 'rate', rate);
  assertPositiveInteger(name, "option 'every'", every);
  assertRate(name, 'factor', factor);
  return { rate, every, factor };
}

/** Options of {@link cosineDecay}. */
export interface CosineDecayOptions extends Rate {
  /** The number of steps until the rate is the least. It stays there. */
  readonly steps: number;
  /** The least rate; 0 when left out. */
  readonly least?: number;
}

/**
 * A rate that falls along half a cosine, to `least`, and stays there.
 *
 * @throws when an option is wrong
 * @example
 * ```ts
 * import { cosineDecay } from 'rxtensor/data';
 * const rule = cosineDecay({ rate: 1, steps: 100 });
 * console.log(rule(0), rule(50).toFixed(1), rule(100)); // 1 0.5 0
 * ```
 */
export function cosineDecay(options: CosineDecayOptions): ScheduleRule {
  const name = 'cosineDecay';
  assertOptions<CosineDecayOptions>(name, options, { rate: 1, steps: 1, least: 1 });
  const { rate, steps, least = 0 } = options;
  assertRate(name, 'rate', rate);
  assertPositiveInteger(name, "option 'steps'", steps);
  assertLeast(name, least, rate);
  return (step) => cosine(rate, least, Math.min(1, step / steps));
}

/** Options of {@link warmRestarts}. */
export interface WarmRestartsOptions extends Rate {
  /** The number of steps until the first restart. */
  readonly period: number;
  /** How many times as long each period is as the one before; 2 when left out. */
  readonly factor?: number;
  /** The least rate; 0 when left out. */
  readonly least?: number;
}

/**
 * Cosine annealing with warm restarts: in each period the rate falls along half a cosine to `least`, and then starts again from `rate`
 * (Loshchilov & Hutter, SGDR, 2017, equation 5).
 *
 * @throws when an option is wrong
 * @example
 * ```ts
 * import { warmRestarts } from 'rxtensor/data';
 * const rule = warmRestarts({ rate: 1, period: 10 });
 * console.log(rule(0), rule(5).toFixed(1), rule(10), rule(20).toFixed(1), rule(30)); // 1 0.5 1 0.5 1
 * ```
 */
export function warmRestarts(options: WarmRestartsOptions): ScheduleRule {
  const name = 'warmRestarts';
  assertOptions<WarmRestartsOptions>(name, options, { rate: 1, period: 1, factor: 1, least: 1 });
  const { rate, period, factor = 2, least = 0 } = options;
  assertRate(name, 'rate', rate);
  assertPositiveInteger(name, "option 'period'", period);
  if (!(typeof factor === 'number' && factor >= 1 && factor < Infinity))
    throw wrongGiven(name, "option 'factor'", factor, 'a number, at least 1');
  assertLeast(name, least, rate);
  return (step) => {
    let since = step;
    let length = period;
    if (factor === 1) since %= period;
    else
      while (since >= length) {
        since -= length;
        length *= factor;
      }
    return cosine(rate, least, since / length);
  };
}

/**
 * Lets a rate rise linearly from 0 in the first steps, before another rule begins.
 *
 * @throws when an argument is wrong
 * @example
 * ```ts
 * import { cosineDecay, warmUpThen } from 'rxtensor/data';
 * const rule = warmUpThen(10, cosineDecay({ rate: 1, steps: 100 }));
 * console.log(rule(0), rule(9), rule(10)); // 0.1 1 1
 * ```
 */
export function warmUpThen(steps: number, rule: ScheduleRule): ScheduleRule {
  const name = 'warmUpThen';
  assertPositiveInteger(name, "argument 'steps'", steps);
  if (typeof rule !== 'function') throw wrongGiven(name, "argument 'rule'", rule, 'a function of the step');
  return (step) => (step < steps ? (rule(0) * (step + 1)) / steps : rule(step - steps));
}

function cosine(rate: number, least: number, part: number): number {
  return least + ((rate - least) * (1 + Math.cos(Math.PI * part))) / 2;
}

function assertRate(name: string, option: string, value: unknown): void {
  if (!(typeof value === 'number' && value > 0 && value < Infinity))
    throw wrongGiven(name, `option '${option}'`, value, 'a number above 0');
}

function assertLeast(name: string, least: unknown, rate: number): void {
  if (!(typeof least === 'number' && least >= 0 && least <= rate))
    throw wrongGiven(name, "option 'least'", least, `a number from 0 to 'rate', ${rate}`);
}
