import { browserFlags, findBrowser } from '../scripts/find-browser';
/** A machine with the given programs on it, which remembers what was done to it. */
function machine(settings) {
    const programs = new Set(settings.programs);
    const did = [];
    return {
        platform: 'linux',
        env: { PATH: '/usr/local/bin:/usr/bin', HOME: '/home/me' },
        isRoot: false,
        distribution: 'debian',
        isExecutable: (path) => programs.has(path),
        run(command, args) {
            did.push([command, ...args].join(' '));
            if (args.includes('install'))
                programs.add('/usr/bin/chromium');
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
describe('findBrowser', () => {
    it('takes CHROME_BIN before anything installed', async () => {
        const env = { PATH: '/usr/bin', CHROME_BIN: '/my/chrome' };
        const here = machine({ env, programs: ['/usr/bin/chromium', '/my/chrome'] });
        expect(await findBrowser(here)).toBe('/my/chrome');
        expect(here.did).toEqual([]);
    });
    it('says so when CHROME_BIN is no program', async () => {
        const here = machine({ env: { PATH: '/usr/bin', CHROME_BIN: '/gone' }, programs: ['/usr/bin/chromium'] });
        await expectAsync(findBrowser(here)).toBeRejectedWithError(/CHROME_BIN is \/gone/);
    });
    it('finds an installed browser on the path', async () => {
        for (const program of ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser']) {
            const here = machine({ programs: [`/usr/local/bin/${program}`] });
            expect(await findBrowser(here)).toBe(`/usr/local/bin/${program}`);
            expect(here.did).toEqual([]);
        }
    });
    it('finds one off the path on Linux, macOS and Windows', async () => {
        const snap = machine({ programs: ['/snap/bin/chromium'] });
        expect(await findBrowser(snap)).toBe('/snap/bin/chromium');
        const chrome = '/home/me/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
        const mac = machine({ platform: 'darwin', programs: [chrome] });
        expect(await findBrowser(mac)).toBe(chrome);
        const exe = 'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe';
        const env = { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' };
        const windows = machine({ platform: 'win32', env, programs: [exe] });
        expect(await findBrowser(windows)).toBe(exe);
    });
    it('installs the Debian package when it is root', async () => {
        const here = machine({ isRoot: true });
        expect(await findBrowser(here)).toBe('/usr/bin/chromium');
        expect(here.did).toEqual([
            'apt-get update -qq',
            'apt-get install -qq -y --no-install-recommends chromium',
        ]);
    });
    it('downloads Chrome when it is not root, or not on Debian, or the package cannot be had', async () => {
        const download = ['download to /home/me/.cache/rxtensor/browsers'];
        const user = machine({});
        expect(await findBrowser(user)).toBe('/home/me/.cache/rxtensor/browsers/chrome');
        expect(user.did).toEqual(download);
        const ubuntu = machine({ isRoot: true, distribution: 'ubuntu' });
        await findBrowser(ubuntu);
        expect(ubuntu.did).toEqual(download);
        const withoutNetwork = machine({ isRoot: true, run: () => false });
        await findBrowser(withoutNetwork);
        expect(withoutNetwork.did).toEqual(download);
    });
    it('says what to install when nothing could be', async () => {
        const here = machine({ download: () => Promise.reject(new Error('no network')) });
        await expectAsync(findBrowser(here)).toBeRejectedWithError(/apt-get install chromium.*CHROME_BIN/);
    });
});
describe('browserFlags', () => {
    it('turns the sandbox off for root only, who cannot start Chromium with it', () => {
        expect(browserFlags(true)).toContain('--no-sandbox');
        expect(browserFlags(false)).not.toContain('--no-sandbox');
    });
});
