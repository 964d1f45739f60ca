import { onBackend } from '../../../tensor/backend';
import type { OptionNames } from '../../../tensor/options';
import { warmUp } from '../../../tensor/warm-up';
import { assertCallback, wrongGiven } from '../../checks/arguments';
import type { Output } from '../../operator';

/** Options for compiling the programs that an operator's function needs before values come. */
export interface WarmUpOptions<T> {
  /**
   * Makes an example value with the shapes and types of the values to come; its numbers do not matter. When the stream is subscribed to,
   * the programs for such a value are compiled without blocking, for example while the camera opens; see {@link warmUp}. The example's
   * tensors are freed. A real value that comes before the programs are ready waits for them, unless `untilWarm` is given.
   */
  readonly warmUp?: () => T;
  /**
   * The name of a backend, such as 'cpu', that runs emissions and all operators below until the programs are ready. Then, between two
   * emissions, the stream switches to the backend in use. Tensors move automatically. Each variable is read once when it moves to the
   * temporary backend, which blocks until the values have arrived, and is written once when it moves back.
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
 * Starts to warm up if the options give an example.
 *
 * @param work runs the operator's function on a value
 * @returns an output whose emissions run on the backend `untilWarm` until the programs are ready, or the plain output without an example
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
