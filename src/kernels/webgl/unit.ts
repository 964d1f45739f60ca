import { LANES } from './texture-layout';

/**
 * The unit of a kernel that treats all values of an innermost run alike: whole texels if the run's length is a multiple of
 * four, else single elements. `length` is the length of the run in units, `size` the number of elements in a unit.
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
