/** Karma's launcher of Firefox: a profile for tests, in the folder that Karma makes for a browser and removes after it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firefoxUserFile } from './other-browsers';

/** What Karma gives to a launcher, as far as it is used. */
interface Launcher {
  name: string;
  ENV_CMD: string;
  DEFAULT_CMD: Readonly<Record<string, string>>;
  _tempDir: string;
  _getOptions: (url: string) => string[];
}

function firefox(this: Launcher, baseBrowserDecorator: (launcher: Launcher) => void): void {
  baseBrowserDecorator(this);
  this.name = 'Firefox';
  this.ENV_CMD = 'FIREFOX_BIN';
  this.DEFAULT_CMD = {};
  this._getOptions = (url) => {
    writeFileSync(join(this._tempDir, 'user.js'), firefoxUserFile());
    return ['--profile', this._tempDir, '--no-remote', '--new-instance', url];
  };
}
firefox.$inject = ['baseBrowserDecorator'];

/** The plugin, to be listed in Karma's configuration; the browser's name there is `Firefox`. */
export const firefoxLauncher = { 'launcher:Firefox': ['type', firefox] };
