import { withBackends } from './backends';
import { longErrors, type LongError } from './long-sums';

/** The rows of one op, in a page of its own: what its tensors take is then given back. */
export function main(name: string): Promise<LongError[]> {
  return withBackends((backends) => longErrors(name, backends));
}
