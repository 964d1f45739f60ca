import { findNatsServer } from '../scripts/find-nats-server';
import type { Machine } from '../scripts/machine';

/** A machine with the given programs on it, which remembers what was done to it. */
function machine(settings: Partial<Machine> & { programs?: string[] }): Machine & { did: string[] } {
  const programs = new Set(settings.programs);
  const did: string[] = [];
  return {
    platform: 'linux',
    env: { PATH: '/usr/local/bin:/usr/bin', HOME: '/home/me' },
    isRoot: false,
    distribution: 'debian',
    isExecutable: (path) => programs.has(path),
    run(command, args) {
      did.push([command, ...args].join(' '));
      if (args.includes('install')) programs.add('/usr/sbin/nats-server');
      return true;
    },
    log: () => undefined,
    ...settings,
    did,
  };
}

describe('findNatsServer', () => {
  it('takes NATS_SERVER before anything installed', () => {
    const env = { PATH: '/usr/bin', NATS_SERVER: '/my/server' };
    const here = machine({ env, programs: ['/usr/bin/nats-server', '/my/server'] });
    expect(findNatsServer(here)).toBe('/my/server');
    expect(() => findNatsServer(machine({ env, programs: ['/usr/bin/nats-server'] }))).toThrowError(
      'NATS_SERVER is /my/server, which is not an executable program.',
    );
  });

  it('finds one on the path, and where Debian installs it', () => {
    for (const program of ['/usr/local/bin/nats-server', '/usr/bin/nats-server', '/usr/sbin/nats-server']) {
      const here = machine({ programs: [program] });
      expect(findNatsServer(here)).toBe(program);
      expect(here.did).toEqual([]);
    }
  });

  it("installs Debian's package as root", () => {
    const here = machine({ isRoot: true });
    expect(findNatsServer(here)).toBe('/usr/sbin/nats-server');
    expect(here.did).toEqual([
      'apt-get update -qq',
      'apt-get install -qq -y --no-install-recommends nats-server',
    ]);
  });

  it('says how to install one where it cannot', () => {
    const failing = machine({ isRoot: true, run: () => false });
    for (const here of [machine({}), machine({ isRoot: true, distribution: 'alpine' }), failing])
      expect(() => findNatsServer(here)).toThrowError(
        /none was found or could be installed\. Install one .*NATS_SERVER/,
      );
  });
});
