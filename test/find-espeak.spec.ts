import { findEspeak } from '../scripts/find-espeak';
import { fakeMachine } from './support/fake-machine';

describe('findEspeak', () => {
  it('takes ESPEAK before anything installed', () => {
    const env = { PATH: '/usr/bin', ESPEAK: '/my/espeak' };
    const here = fakeMachine({ env, programs: ['/usr/bin/espeak-ng', '/my/espeak'] });
    expect(findEspeak(here)).toBe('/my/espeak');
    expect(() => findEspeak(fakeMachine({ env, programs: ['/usr/bin/espeak-ng'] }))).toThrowError(
      'ESPEAK is /my/espeak, which is not an executable program.',
    );
  });

  it("installs Debian's package as root", () => {
    const here = fakeMachine({ isRoot: true, installs: ['/usr/bin/espeak-ng'] });
    expect(findEspeak(here)).toBe('/usr/bin/espeak-ng');
    expect(here.did).toContain('apt-get install -qq -y --no-install-recommends espeak-ng');
  });
});
