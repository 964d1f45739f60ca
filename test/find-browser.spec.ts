import { browserFlags, findBrowser } from '../scripts/find-browser';
import { fakeMachine } from './support/fake-machine';

describe('findBrowser', () => {
  it('takes CHROME_BIN before anything installed', async () => {
    const env = { PATH: '/usr/bin', CHROME_BIN: '/my/chrome' };
    const here = fakeMachine({ env, programs: ['/usr/bin/chromium', '/my/chrome'] });
    expect(await findBrowser(here)).toBe('/my/chrome');
    expect(here.did).toEqual([]);
  });

  it('says so when CHROME_BIN is no program', async () => {
    const here = fakeMachine({
      env: { PATH: '/usr/bin', CHROME_BIN: '/gone' },
      programs: ['/usr/bin/chromium'],
    });
    await expectAsync(findBrowser(here)).toBeRejectedWithError(/CHROME_BIN is \/gone/);
  });

  it('finds an installed browser on the path', async () => {
    for (const program of ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser']) {
      const here = fakeMachine({ programs: [`/usr/local/bin/${program}`] });
      expect(await findBrowser(here)).toBe(`/usr/local/bin/${program}`);
      expect(here.did).toEqual([]);
    }
  });

  it('finds one off the path on Linux, macOS and Windows', async () => {
    const snap = fakeMachine({ programs: ['/snap/bin/chromium'] });
    expect(await findBrowser(snap)).toBe('/snap/bin/chromium');

    const chrome = '/home/me/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    const mac = fakeMachine({ platform: 'darwin', programs: [chrome] });
    expect(await findBrowser(mac)).toBe(chrome);

    const exe = 'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe';
    const env = { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' };
    const windows = fakeMachine({ platform: 'win32', env, programs: [exe] });
    expect(await findBrowser(windows)).toBe(exe);
  });

  it('installs the Debian package when it is root', async () => {
    const here = fakeMachine({ isRoot: true, installs: ['/usr/bin/chromium'] });
    expect(await findBrowser(here)).toBe('/usr/bin/chromium');
    expect(here.did).toEqual([
      'apt-get update -qq',
      'apt-get install -qq -y --no-install-recommends chromium',
    ]);
  });

  it('downloads Chrome when it is not root, or not on Debian, or the package cannot be had', async () => {
    const download = ['download to /home/me/.cache/rxtensor/browsers'];
    const user = fakeMachine({});
    expect(await findBrowser(user)).toBe('/home/me/.cache/rxtensor/browsers/chrome');
    expect(user.did).toEqual(download);

    const ubuntu = fakeMachine({ isRoot: true, distribution: 'ubuntu' });
    await findBrowser(ubuntu);
    expect(ubuntu.did).toEqual(download);

    const withoutNetwork = fakeMachine({ isRoot: true, run: () => false });
    await findBrowser(withoutNetwork);
    expect(withoutNetwork.did).toEqual(download);
  });

  it('says what to install when nothing could be', async () => {
    const here = fakeMachine({ download: () => Promise.reject(new Error('no network')) });
    await expectAsync(findBrowser(here)).toBeRejectedWithError(/apt-get install chromium.*CHROME_BIN/);
  });
});

describe('browserFlags', () => {
  it('turns the sandbox off for root only, who cannot start Chromium with it', () => {
    expect(browserFlags(true)).toContain('--no-sandbox');
    expect(browserFlags(false)).not.toContain('--no-sandbox');
  });
});
