/** Checks of what operators and sources are given. Their errors name the operator, the argument or option, what was found and what was wanted. */
import type { SchedulerLike } from 'rxjs';
import { described, isIntegerFrom } from '../tensor/argument';

/** What an operator was given: an argument, or one of its options. */
export type Given = `argument '${string}'` | `option '${string}'`;

/** The error of what is not as it was wanted. */
export function wrongGiven(operator: string, given: Given, value: unknown, wanted: string): Error {
  return new Error(`${operator}: ${given} is ${described(value)}; wanted ${wanted}`);
}

/** @throws unless it is an integer from 1 on, or Infinity where that is allowed */
export function assertPositiveInteger(
  operator: string,
  given: Given,
  value: unknown,
  allowed: 'finite' | 'infinite too' = 'finite',
): void {
  if (isIntegerFrom(value, 1) || (allowed === 'infinite too' && value === Infinity)) return;
  throw wrongGiven(operator, given, value, 'a positive integer');
}

/** @throws unless it is a number that is neither NaN nor infinite, or left out */
export function assertSeed(operator: string, seed: unknown): void {
  if (seed !== undefined && !Number.isFinite(seed))
    throw wrongGiven(operator, "option 'seed'", seed, 'a finite number');
}

/** @throws unless it is a scheduler, or left out */
export function assertScheduler(operator: string, scheduler: SchedulerLike | undefined): void {
  if (scheduler === undefined || typeof (scheduler as Partial<SchedulerLike> | null)?.schedule === 'function')
    return;
  throw wrongGiven(operator, "option 'scheduler'", scheduler, 'a scheduler, as asyncScheduler');
}

/** @throws unless it is a function, or left out */
export function assertCallback(operator: string, option: string, callback: unknown): void {
  if (callback === undefined || typeof callback === 'function') return;
  throw wrongGiven(operator, `option '${option}'`, callback, 'a function');
}
