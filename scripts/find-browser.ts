import { join } from 'node:path';
import * as machines from './machine';

/** The machine on which a browser is searched for. Specs pass a fake one. */
export interface Machine extends machines.Machine {
  /** Downloads Chrome into a cache folder and returns the path of its program. */
  download(cacheFolder: string): Promise<string>;
}

const programs = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome'];

const macPlaces = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'Google Chrome Canary.app/Contents/MacOS/Google Chrome Canary',
];

const windowsPlaces = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'];

/** The paths where Chrome or Chromium may be installed, the most likely first. */
function candidates(machine: Machine): string[] {
  const { platform, env } = machine;
  const present = (values: readonly (string | undefined)[]): string[] =>
    values.filter((value): value is string => value !== undefined && value !== '');
  if (platform === 'win32') {
    const roots = present([env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]);
    return roots.flatMap((root) => windowsPlaces.map((place) => `${root}\\${place}`));
  }
  const onPath = machines.onPath(machine, programs);
  if (platform === 'darwin') {
    const roots = present(['/Applications', env.HOME && join(env.HOME, 'Applications')]);
    return [...roots.flatMap((root) => macPlaces.map((place) => join(root, place))), ...onPath];
  }
  return [...onPath, '/usr/bin/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium'];
}

function installed(machine: Machine): string | undefined {
  return candidates(machine).find((path) => machine.isExecutable(path));
}

/** Installs Debian's package, if this process is root. (Ubuntu's `chromium` is a snap, which containers cannot run.) */
function installFromDebian(machine: Machine): string | undefined {
  return machines.installDebianPackage(machine, 'chromium', 'Chrome or Chromium')
    ? installed(machine)
    : undefined;
}

async function downloadChrome(machine: Machine): Promise<string | undefined> {
  const { env } = machine;
  const cache = env.XDG_CACHE_HOME ?? env.LOCALAPPDATA ?? join(env.HOME ?? '.', '.cache');
  machine.log('No Chrome or Chromium found: downloading Chrome with @puppeteer/browsers.');
  try {
    const path = await machine.download(join(cache, 'rxtensor', 'browsers'));
    return machine.isExecutable(path) ? path : undefined;
  } catch (error) {
    machine.log(`The download failed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/**
 * Finds a Chrome or Chromium for the tests: `CHROME_BIN` if it is set, else an installed one, else it installs one
 * (Debian's package when root, otherwise a download into the user's cache folder).
 *
 * @returns The path of the browser's program.
 * @throws If `CHROME_BIN` names no program, or if there is no browser and none could be installed.
 */
export async function findBrowser(machine: Machine = thisMachine()): Promise<string> {
  const chosen = machine.env.CHROME_BIN;
  if (chosen !== undefined && chosen !== '') {
    if (machine.isExecutable(chosen)) return chosen;
    throw new Error(`CHROME_BIN is ${chosen}, which is not an executable program.`);
  }
  const found = installed(machine) ?? installFromDebian(machine) ?? (await downloadChrome(machine));
  if (found !== undefined) return found;
  throw new Error(
    'The tests need Chrome or Chromium, and none was found or could be installed. ' +
      'Install one (Debian: apt-get install chromium; others: https://www.google.com/chrome), ' +
      'or set CHROME_BIN to the path of its program.',
  );
}

/**
 * The arguments for the browser: no window, and WebGL rendered in software, so that pixels and numbers are the same on
 * every machine, with or without a GPU.
 */
export function browserFlags(isRoot: boolean = thisMachine().isRoot): string[] {
  return [
    '--headless=new',
    ...(isRoot ? ['--no-sandbox'] : []),
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--ignore-gpu-blocklist',
    // A fake camera that shows a test picture, and a fake microphone that hears a tone; they need no permission.
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    // Sound, without a person who clicks first.
    '--autoplay-policy=no-user-gesture-required',
    // In containers /dev/shm has 64 MB, which is too little for pages with large textures.
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
}

/** More arguments, with which Chromium gives WebGPU on its own software renderer. */
export const WEBGPU_FLAGS: readonly string[] = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

function thisMachine(): Machine {
  return {
    ...machines.thisMachine(),
    async download(cacheDir) {
      const { Browser, detectBrowserPlatform, install, resolveBuildId } = await import('@puppeteer/browsers');
      const platform = detectBrowserPlatform();
      if (platform === undefined) throw new Error('there is no Chrome for this system.');
      const buildId = await resolveBuildId(Browser.CHROME, platform, 'stable');
      return (await install({ browser: Browser.CHROME, buildId, cacheDir })).executablePath;
    },
  };
}
