/** The browsers besides Chromium in which the library is tested, and the display that they need. */
import { findProgram, type WantedProgram } from './find-program';
import type { Machine } from './machine';

const firefox: WantedProgram = {
  what: 'Firefox',
  names: ['firefox-esr', 'firefox'],
  places: [
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    String.raw`C:\Program Files\Mozilla Firefox\firefox.exe`,
  ],
  variable: 'FIREFOX_BIN',
  debianPackage: 'firefox-esr',
  address: 'https://www.mozilla.org/firefox',
};

/** It drives a browser that its package brings. */
const webKitDriver: WantedProgram = {
  what: 'WebDriver of WebKitGTK',
  names: ['WebKitWebDriver'],
  places: ['/usr/libexec/webkit2gtk-4.1/WebKitWebDriver'],
  variable: 'WEBKIT_DRIVER',
  debianPackage: 'webkit2gtk-driver',
  address: 'https://webkitgtk.org',
};

const virtualDisplay: WantedProgram = {
  what: 'virtual display (Xvfb)',
  names: ['Xvfb'],
  places: ['/usr/bin/Xvfb', '/opt/X11/bin/Xvfb'],
  variable: 'XVFB',
  debianPackage: 'xvfb',
  address: 'https://www.x.org',
};

/** The path of Firefox's program. See {@link findProgram}. */
export const findFirefox = (machine?: Machine): string => findProgram(firefox, machine);
/** The path of the program that drives WebKit. See {@link findProgram}. */
export const findWebKitDriver = (machine?: Machine): string => findProgram(webKitDriver, machine);
/** The path of the program that is a display without a screen. See {@link findProgram}. */
export const findVirtualDisplay = (machine?: Machine): string => findProgram(virtualDisplay, machine);

/** What lets WebGL be drawn by the processor: a browser's window, even one that nobody sees, has it; `--headless` has none. */
export const SOFTWARE_GRAPHICS = { LIBGL_ALWAYS_SOFTWARE: '1' } as const;

/**
 * Preferences of Firefox for tests: WebGL on any driver, a camera that shows a test picture and asks nobody, and no word with the world outside.
 */
export const firefoxPreferences: Readonly<Record<string, boolean | number | string>> = {
  'webgl.force-enabled': true,
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  // A test may compute for as long as it takes.
  'dom.max_script_run_time': 0,
  'dom.ipc.processHangMonitor': false,
  'dom.ipc.reportProcessHangs': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.startup.max_resumed_crashes': -1,
};

/** Those preferences as the file `user.js` of a profile. */
export function firefoxUserFile(): string {
  const lines = Object.entries(firefoxPreferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  return `${lines.join('\n')}\n`;
}
