import { installDebianPackage, onPath, thisMachine, type Machine } from './machine';

const PROGRAM = 'nats-server';

function installed(machine: Machine): string | undefined {
  const names = machine.platform === 'win32' ? [`${PROGRAM}.exe`] : [PROGRAM];
  // Debian installs it to /usr/sbin, which is not on every user's path.
  const places = [...onPath(machine, names), '/usr/sbin/nats-server', '/usr/local/bin/nats-server'];
  return places.find((path) => machine.isExecutable(path));
}

/**
 * Finds a NATS server: the program that `NATS_SERVER` names if it is set, else an installed one, else it installs Debian's package (if this
 * process is root).
 *
 * @returns the path of the program
 * @throws if `NATS_SERVER` names no program, or if there is no server and none could be installed
 */
export function findNatsServer(machine: Machine = thisMachine()): string {
  const chosen = machine.env.NATS_SERVER;
  if (chosen !== undefined && chosen !== '') {
    if (machine.isExecutable(chosen)) return chosen;
    throw new Error(`NATS_SERVER is ${chosen}, which is not an executable program.`);
  }
  const found = installed(machine);
  if (found !== undefined) return found;
  if (installDebianPackage(machine, PROGRAM, 'NATS server')) {
    const now = installed(machine);
    if (now !== undefined) return now;
  }
  throw new Error(
    'This needs a NATS server, and none was found or could be installed. ' +
      'Install one (Debian: apt-get install nats-server; others: https://nats.io/download), ' +
      'or set NATS_SERVER to the path of its program.',
  );
}
