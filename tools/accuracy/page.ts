import { setBackend } from '../../src/tensor';
import { withBackends } from './backends';
import { elementwiseErrors, type ElementwiseError } from './elementwise';
import { productError, productRows } from './products';

/** What one backend gave. */
export interface BackendErrors {
  readonly backend: string;
  readonly elementwise: readonly ElementwiseError[];
  readonly products: readonly number[];
}

/** On every backend that this browser has. */
export function main(): Promise<BackendErrors[]> {
  return withBackends((names) =>
    names.map((backend) => {
      setBackend(backend);
      return { backend, elementwise: elementwiseErrors(), products: productRows.map(productError) };
    }),
  );
}
