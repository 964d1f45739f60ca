import { findProgram, type WantedProgram } from './find-program';
import type { Machine } from './machine';

const natsServer: WantedProgram = {
  what: 'NATS server',
  names: ['nats-server'],
  // Debian installs it to /usr/sbin, which is not on every user's path.
  places: ['/usr/sbin/nats-server', '/usr/local/bin/nats-server'],
  variable: 'NATS_SERVER',
  debianPackage: 'nats-server',
  address: 'https://nats.io/download',
};

/**
 * Finds a NATS server: the program that `NATS_SERVER` names if it is set, else an installed one, else it installs Debian's package (if this
 * process is root).
 *
 * @returns the path of the program
 * @throws if `NATS_SERVER` names no program, or if there is no server and none could be installed
 */
export function findNatsServer(machine?: Machine): string {
  return findProgram(natsServer, machine);
}
