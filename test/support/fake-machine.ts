import type { Machine } from '../../scripts/find-browser';

/** What a fake machine is like, where it is not a user's Debian without programs. */
export interface FakeMachineSettings extends Partial<Machine> {
  /** The paths of the programs that are on it. */
  readonly programs?: readonly string[];
  /** Where programs are once a package of Debian has been installed. */
  readonly installs?: readonly string[];
}

/** A machine on which programs are searched for and installed, and which remembers what was done to it. */
export function fakeMachine({
  programs: present = [],
  installs = [],
  ...settings
}: FakeMachineSettings): Machine & { readonly did: readonly string[] } {
  const programs = new Set(present);
  const did: string[] = [];
  return {
    platform: 'linux',
    env: { PATH: '/usr/local/bin:/usr/bin', HOME: '/home/me' },
    isRoot: false,
    distribution: 'debian',
    isExecutable: (path) => programs.has(path),
    run(command, args) {
      did.push([command, ...args].join(' '));
      if (args.includes('install')) for (const path of installs) programs.add(path);
      return true;
    },
    download(folder) {
      did.push(`download to ${folder}`);
      programs.add(`${folder}/chrome`);
      return Promise.resolve(`${folder}/chrome`);
    },
    log: () => undefined,
    ...settings,
    did,
  };
}
