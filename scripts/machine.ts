/** The machine on which programs for the tests are searched for and installed. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A machine. Specs pass a fake one. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** The `ID` in /etc/os-release, such as `debian` or `ubuntu`; '' if there is none. */
  readonly distribution: string;
  /** Whether the file exists and is executable. */
  isExecutable(path: string): boolean;
  /** Runs a command with its output to stderr, and returns whether it succeeded. */
  run(command: string, args: readonly string[]): boolean;
  log(message: string): void;
}

/** Where programs of these names would lie on the path. */
export function onPath({ env }: Machine, programs: readonly string[]): string[] {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => programs.map((program) => join(folder, program)));
}

/** Installs a package of Debian if this is Debian and this process is root. Returns whether it did. */
export function installDebianPackage(machine: Machine, name: string, missing: string): boolean {
  if (!machine.isRoot || machine.distribution !== 'debian') return false;
  machine.log(`No ${missing} found: installing the Debian package ${name} with apt-get.`);
  return (
    machine.run('apt-get', ['update', '-qq']) &&
    machine.run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', name])
  );
}

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    env: { HOME: homedir(), ...process.env },
    isRoot: process.getuid?.() === 0,
    distribution: readDistribution(),
    isExecutable(path) {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    },
    run(command, args) {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      return spawnSync(command, args, { env, stdio: ['ignore', 2, 2] }).status === 0;
    },
    log: (message) => console.error(message),
  };
}

function readDistribution(): string {
  try {
    return /^ID="?([^"\n]*)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}
