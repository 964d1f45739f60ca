import { setBackend } from '../../src/tensor';
import { measureAll, type Measured } from './measure';

/** Runs in a page: measures every op on WebGL. */
export function main(): Promise<Measured[]> {
  setBackend('webgl');
  return measureAll();
}
