import { findNatsServer } from '../scripts/find-nats-server';
import { fakeMachine } from './support/fake-machine';

describe('findNatsServer', () => {
  it('takes NATS_SERVER before anything installed', () => {
    const env = { PATH: '/usr/bin', NATS_SERVER: '/my/server' };
    const here = fakeMachine({ env, programs: ['/usr/bin/nats-server', '/my/server'] });
    expect(findNatsServer(here)).toBe('/my/server');
    expect(() => findNatsServer(fakeMachine({ env, programs: ['/usr/bin/nats-server'] }))).toThrowError(
      'NATS_SERVER is /my/server, which is not an executable program.',
    );
  });

  it('finds one on the path, and where Debian installs it', () => {
    for (const program of ['/usr/local/bin/nats-server', '/usr/bin/nats-server', '/usr/sbin/nats-server']) {
      const here = fakeMachine({ programs: [program] });
      expect(findNatsServer(here)).toBe(program);
      expect(here.did).toEqual([]);
    }
  });

  it("installs Debian's package as root", () => {
    const here = fakeMachine({ isRoot: true, installs: ['/usr/sbin/nats-server'] });
    expect(findNatsServer(here)).toBe('/usr/sbin/nats-server');
    expect(here.did).toEqual([
      'apt-get update -qq',
      'apt-get install -qq -y --no-install-recommends nats-server',
    ]);
  });

  it('says how to install one where it cannot', () => {
    const failing = fakeMachine({ isRoot: true, run: () => false });
    for (const here of [fakeMachine({}), fakeMachine({ isRoot: true, distribution: 'alpine' }), failing])
      expect(() => findNatsServer(here)).toThrowError(
        /none was found or could be installed\. Install one .*NATS_SERVER/,
      );
  });
});
