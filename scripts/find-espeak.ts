import { findProgram, type WantedProgram } from './find-program';
import type { Machine } from './machine';

const espeak: WantedProgram = {
  what: 'speech synthesizer',
  names: ['espeak-ng'],
  places: ['/usr/bin/espeak-ng', '/usr/local/bin/espeak-ng'],
  variable: 'ESPEAK',
  debianPackage: 'espeak-ng',
  address: 'https://github.com/espeak-ng/espeak-ng',
};

/**
 * Finds eSpeak NG, which makes speech of texts: the program that `ESPEAK` names if it is set, else an installed one, else it installs Debian's package (if this process is
 * root).
 *
 * @returns the path of the program
 * @throws if `ESPEAK` names no program, or if there is none and none could be installed
 */
export function findEspeak(machine?: Machine): string {
  return findProgram(espeak, machine);
}
