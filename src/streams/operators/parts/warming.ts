import { onBackend } from '../../../tensor/backend';
import type { OptionNames } from '../../../tensor/options';
import { warmUp } from '../../../tensor/warm-up';
import { assertCallback, wrongGiven } from '../../checks/arguments';
import type { Output } from '../../operator';

/** How an operator compiles ahead what its function needs. */
export interface WarmUpOptions<T> {
  /**
   * Makes a value like those to come, with their shapes and types: what it holds does not matter. From the subscription on, while the camera opens or the data
   * loads, the programs that such a value needs are compiled, without blocking; see {@link warmUp}. The tensors that it makes are freed. A value that comes earlier waits for
   * the programs that it needs.
   */
  readonly warmUp?: () => T;
  /**
   * The backend, such as 'cpu', that answers until the programs are ready: emissions run on it, with all operators below. The stream goes over to the backend in
   * use between two emissions. Tensors move by themselves: each variable is read once on its way to that backend, which blocks until its values are there, and
   * written once on its way back.
   */
  readonly untilWarm?: string;
}

export const warmUpOptions: OptionNames<WarmUpOptions<unknown>> = { warmUp: 1, untilWarm: 1 };

/** @throws when an option is wrong */
export function assertWarmUp(name: string, { warmUp: example, untilWarm }: WarmUpOptions<unknown>): void {
  assertCallback(name, 'warmUp', example);
  if (untilWarm === undefined || (typeof untilWarm === 'string' && example)) return;
  throw wrongGiven(name, "option 'untilWarm'", untilWarm, "a backend's name, beside 'warmUp'");
}

/**
 * Begins to warm up, where options say so.
 *
 * @param work what is done with a value
 * @returns the output, or one whose emissions run on the backend that answers
 */
export function warming<T, R>(
  { warmUp: example, untilWarm }: WarmUpOptions<T>,
  output: Output<R>,
  work: (value: T) => unknown,
): Pick<Output<R>, 'emit'> {
  if (!example) return output;
  let isWarm = untilWarm === undefined;
  warmUp(() => work(example())).then(
    () => (isWarm = true),
    (error: unknown) => {
      if (output.isOpen()) output.error(error);
    },
  );
  return {
    emit: (...emission) => {
      if (isWarm) output.emit(...emission);
      else onBackend(untilWarm!, () => output.emit(...emission));
    },
  };
}
