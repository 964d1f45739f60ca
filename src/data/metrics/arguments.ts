/** Checks of what metrics are given. */
import { described } from '../../tensor/argument';

/** @throws unless it has the functions of a metric */
export function assertMetric(name: string, metric: unknown): void {
  const found = metric as Partial<Record<string, unknown>> | null | undefined;
  const missing = ['start', 'add', 'merge', 'result'].find((each) => typeof found?.[each] !== 'function');
  if (missing === undefined) return;
  throw new Error(
    `${name}: argument 'metric' is ${described(metric)}, without a function '${missing}'; wanted a metric, as regression()`,
  );
}
