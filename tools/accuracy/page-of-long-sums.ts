import { withBackends } from './backends';
import { longErrors, type LongError } from './long-sums';

/** Measures one op, in a separate page, whose memory is freed afterwards. */
export function main(name: string): Promise<LongError[]> {
  return withBackends((backends) => longErrors(name, backends));
}
