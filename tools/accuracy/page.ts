import { setBackend } from '../../src/tensor';
import { withBackends } from './backends';
import { elementwiseErrors, type ElementwiseError } from './elementwise';
import { rows } from './rows';
import { productError } from './row';

/** The errors on one backend. */
export interface BackendErrors {
  readonly backend: string;
  readonly elementwise: readonly ElementwiseError[];
  readonly products: readonly number[];
}

/** Runs in a page: measures all errors on every backend that the browser supports. */
export function main(): Promise<BackendErrors[]> {
  return withBackends((names) =>
    names.map((backend) => {
      setBackend(backend);
      return { backend, elementwise: elementwiseErrors(), products: rows.map(productError) };
    }),
  );
}
