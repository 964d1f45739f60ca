import { setBackend } from '../../src/tensor';
import { measureAll, type Measured } from './measure';

/** What the page is asked: every op on WebGL. */
export function main(): Promise<Measured[]> {
  setBackend('webgl');
  return measureAll();
}
