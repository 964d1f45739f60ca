import { LANES } from './texture-layout';

/**
 * The unit in which kernels work that treat the values of the innermost run alike: whole texels where that run is a multiple
 * of four, single values otherwise. `length` is the run's in that unit.
 */
export interface Unit {
  readonly form: 'texel' | 'element';
  readonly length: number;
  readonly size: number;
}

export function unitFor(run: number): Unit {
  return run % LANES === 0
    ? { form: 'texel', length: run / LANES, size: LANES }
    : { form: 'element', length: run, size: 1 };
}
