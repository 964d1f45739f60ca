import { findProgram, type WantedProgram } from '../scripts/find-program';
import {
  findFirefox,
  findVirtualDisplay,
  findWebKitDriver,
  firefoxUserFile,
} from '../scripts/other-browsers';
import { fakeMachine } from './support/fake-machine';

const tool: WantedProgram = {
  what: 'tool',
  names: ['tool-2', 'tool'],
  places: ['/opt/tool'],
  variable: 'TOOL',
  debianPackage: 'tools',
  address: 'https://tool.example',
};

describe('findProgram', () => {
  it('takes the one that the variable names', () => {
    const env = { PATH: '/usr/bin', TOOL: '/my/tool' };
    expect(findProgram(tool, fakeMachine({ env, programs: ['/usr/bin/tool', '/my/tool'] }))).toBe('/my/tool');
    expect(() => findProgram(tool, fakeMachine({ env, programs: ['/usr/bin/tool'] }))).toThrowError(
      'TOOL is /my/tool, which is not an executable program.',
    );
  });

  it('finds an installed one, by the order of its names, on the path before other places', () => {
    const all = ['/opt/tool', '/usr/bin/tool', '/usr/bin/tool-2'];
    expect(findProgram(tool, fakeMachine({ programs: all }))).toBe('/usr/bin/tool-2');
    expect(findProgram(tool, fakeMachine({ programs: all.slice(0, 1) }))).toBe('/opt/tool');
  });

  it('has the ending of programs on Windows', () => {
    const windows = fakeMachine({ platform: 'win32', env: { PATH: 'tools' }, programs: ['tools/tool.exe'] });
    expect(findProgram(tool, windows)).toBe('tools/tool.exe');
  });

  it("installs Debian's package as root, and says what to do where it cannot", () => {
    const root = fakeMachine({ isRoot: true, installs: ['/usr/bin/tool'] });
    expect(findProgram(tool, root)).toBe('/usr/bin/tool');
    expect(root.did).toEqual(['apt-get update -qq', 'apt-get install -qq -y --no-install-recommends tools']);
    for (const here of [
      fakeMachine({}),
      fakeMachine({ isRoot: true }),
      fakeMachine({ isRoot: true, distribution: 'alpine' }),
    ])
      expect(() => findProgram(tool, here)).toThrowError(
        'This needs a tool, and none was found or could be installed. Install one (Debian: apt-get install tools; ' +
          'others: https://tool.example), or set TOOL to the path of its program.',
      );
  });
});

describe('the other browsers', () => {
  it("are found where Debian's packages put them", () => {
    const finders = [
      [findFirefox, 'firefox-esr'],
      [findWebKitDriver, 'WebKitWebDriver'],
      [findVirtualDisplay, 'Xvfb'],
    ] as const;
    for (const [find, program] of finders) {
      const path = `/usr/bin/${program}`;
      expect(find(fakeMachine({ isRoot: true, installs: [path] }))).toBe(path);
    }
  });

  it('are told by a file of preferences that WebGL may run on the processor', () => {
    expect(firefoxUserFile()).toContain('user_pref("webgl.force-enabled", true);\n');
  });
});
