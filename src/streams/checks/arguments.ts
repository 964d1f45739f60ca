/** Checks of arguments and options. Their errors name the operator, the argument or option, what was found and what was wanted. */
import type { SchedulerLike } from 'rxjs';
import { described, isIntegerFrom } from '../../tensor/argument';

/** An argument or an option, as messages name it. */
export type Given = `argument '${string}'` | `option '${string}'`;

/** The error for an argument or option that is wrong. */
export function wrongGiven(operator: string, given: Given, value: unknown, wanted: string): Error {
  return new Error(`${operator}: ${given} is ${described(value)}; wanted ${wanted}`);
}

/** @throws unless the value is an integer of at least 1, or Infinity where that is allowed */
export function assertPositiveInteger(
  operator: string,
  given: Given,
  value: unknown,
  allowed: 'finite' | 'infinite too' = 'finite',
): void {
  if (isIntegerFrom(value, 1) || (allowed === 'infinite too' && value === Infinity)) return;
  throw wrongGiven(operator, given, value, 'a positive integer');
}

/** @throws unless the seed is left out or is a finite number */
export function assertSeed(operator: string, seed: unknown): void {
  if (seed !== undefined && !Number.isFinite(seed))
    throw wrongGiven(operator, "option 'seed'", seed, 'a finite number');
}

/** @throws unless it is left out or is a scheduler */
export function assertScheduler(operator: string, scheduler: SchedulerLike | undefined): void {
  if (scheduler === undefined || typeof (scheduler as Partial<SchedulerLike> | null)?.schedule === 'function')
    return;
  throw wrongGiven(operator, "option 'scheduler'", scheduler, 'a scheduler, as asyncScheduler');
}

/** @throws unless it is left out or is a function */
export function assertCallback(operator: string, option: string, callback: unknown): void {
  if (callback === undefined || typeof callback === 'function') return;
  throw wrongGiven(operator, `option '${option}'`, callback, 'a function');
}
