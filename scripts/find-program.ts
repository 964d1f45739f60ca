import { installDebianPackage, onPath, thisMachine, type Machine } from './machine';

/** A program that tests need, and how to come by it. */
export interface WantedProgram {
  /** What it is, for messages: 'NATS server'. */
  readonly what: string;
  /** The names that it has on the path, the best first. */
  readonly names: readonly string[];
  /** Where else it may be. */
  readonly places: readonly string[];
  /** The environment variable that chooses one. */
  readonly variable: string;
  /** Its package in Debian. */
  readonly debianPackage: string;
  /** Where those get it who do not have Debian. */
  readonly address: string;
}

/**
 * Finds a program: the one that its environment variable names if that is set, else an installed one, else it installs Debian's package (if this process is
 * root).
 *
 * @returns the path of the program
 * @throws if the variable names no program, or if there is no program and none could be installed
 */
export function findProgram(wanted: WantedProgram, machine: Machine = thisMachine()): string {
  const { what, variable, debianPackage, address } = wanted;
  const chosen = machine.env[variable];
  if (chosen !== undefined && chosen !== '') {
    if (machine.isExecutable(chosen)) return chosen;
    throw new Error(`${variable} is ${chosen}, which is not an executable program.`);
  }
  const found = installed(wanted, machine);
  if (found !== undefined) return found;
  if (installDebianPackage(machine, debianPackage, what)) {
    const now = installed(wanted, machine);
    if (now !== undefined) return now;
  }
  throw new Error(
    `This needs a ${what}, and none was found or could be installed. ` +
      `Install one (Debian: apt-get install ${debianPackage}; others: ${address}), ` +
      `or set ${variable} to the path of its program.`,
  );
}

function installed({ names, places }: WantedProgram, machine: Machine): string | undefined {
  const programs = machine.platform === 'win32' ? names.map((name) => `${name}.exe`) : names;
  return [...onPath(machine, programs), ...places].find((path) => machine.isExecutable(path));
}
