// Runs a spec suite in Chromium, or in Firefox:
// npm run test:karma -- [--suite differential|pipelines|four-ways] [--browser firefox] [--backend webgl] [--filter TEXT] [--part 1/2] [--seed N] [--flags NAME=VALUE,…]
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { startDisplay } from './scripts/display';
import { WEBGPU_FLAGS, browserFlags, findBrowser } from './scripts/find-browser';
import { firefoxLauncher } from './scripts/karma-firefox';
import { findFirefox, SOFTWARE_GRAPHICS } from './scripts/other-browsers';
import { SpecCount } from './scripts/spec-count.js';
import { patternOfPart } from './scripts/spec-part.js';
import { testFlags } from './scripts/test-flags.js';

/** Attaches the bundle's source map, so that stack traces name the files of src/. */
function attachSourceMap(content, file, done) {
  file.sourceMap = JSON.parse(readFileSync(`${file.originalPath}.map`, 'utf8'));
  done(content);
}

/** A reporter that counts specs as the run in Node does, and errors outside of specs. */
function countReporter(filtered) {
  const count = new SpecCount(filtered);
  return {
    adapters: [],
    onSpecComplete(_browser, spec) {
      const status = spec.skipped
        ? spec.pending
          ? 'pending'
          : 'excluded'
        : spec.success
          ? 'passed'
          : 'failed';
      count.add(spec.fullName, status, spec.time);
    },
    onBrowserError: (_browser, error) => count.fail(`error outside a spec: ${error.message ?? error}`),
    onRunComplete(_browsers, results) {
      if ((results.error || results.disconnected) && count.failed === 0)
        count.fail('the browser run broke off');
      count.report();
    },
  };
}

/** The timeout of the comparisons, whose specs may run a thousand draws on a software renderer. */
const LONG_MS = 1_800_000;

/** Finds Firefox, and a display for its window. */
async function prepareFirefox() {
  process.env.FIREFOX_BIN = findFirefox();
  if (process.platform !== 'linux') return 'Firefox';
  const { name } = await startDisplay();
  Object.assign(process.env, SOFTWARE_GRAPHICS, { DISPLAY: name });
  return 'Firefox';
}

async function prepareChromium() {
  process.env.CHROME_BIN = await findBrowser();
  return 'HeadlessChrome';
}

/** The browsers, by the names that `--browser` takes. Each gives the name of its launcher. */
const browsers = { chromium: prepareChromium, firefox: prepareFirefox };

/** @param {import('karma').Config & Record<string, any>} config */
export default async function configure(config) {
  const { backend, filter, part, flags, browser = 'chromium', suite = 'specs' } = config;
  if (!(browser in browsers))
    throw new Error(`--browser is '${browser}'; wanted ${Object.keys(browsers).join(' or ')}`);
  const launcher = await browsers[/** @type {keyof typeof browsers} */ (browser)]();
  const platform = backend === 'webgpu' ? 'webgpu' : 'browser';
  const names = part === undefined ? filter : `/${patternOfPart(part)}/`;
  // `npm test` has bundled all suites already.
  if (config.bundled === undefined) {
    const bundleSpecs = ['--import', 'tsx', 'scripts/bundle-specs.ts', platform, suite];
    execFileSync(process.execPath, bundleSpecs, { stdio: 'inherit' });
  }
  const bundle = `.cache/${suite}/${platform}.js`;
  const workers = `.cache/${suite}/browser-workers`;
  const seed = String(config.seed ?? Math.floor(Math.random() * 100_000));
  console.log(`Randomized with seed ${seed}`);

  config.set({
    frameworks: ['jasmine'],
    plugins: [
      'karma-jasmine',
      'karma-chrome-launcher',
      firefoxLauncher,
      { 'preprocessor:sourcemap': ['value', attachSourceMap] },
      { 'reporter:count': ['value', countReporter(names !== undefined || platform === 'webgpu')] },
    ],
    files: [
      'scripts/karma-flags.js',
      { pattern: bundle, watched: false, type: platform === 'webgpu' ? 'module' : 'js' },
      ...(existsSync(workers) ? [{ pattern: `${workers}/*.js`, included: false, watched: false }] : []),
    ],
    preprocessors: { [bundle]: ['sourcemap'] },
    reporters: ['dots', 'count'],
    browsers: [launcher],
    customLaunchers: {
      HeadlessChrome: {
        base: 'Chrome',
        flags: [...browserFlags(), ...(platform === 'webgpu' ? WEBGPU_FLAGS : [])],
      },
    },
    client: {
      testFlags: { seed: Number(seed), ...testFlags(backend, flags) },
      args: names === undefined ? [] : ['--grep', String(names)],
      jasmine: { random: true, seed, timeoutInterval: suite === 'specs' ? 60_000 : LONG_MS },
      clearContext: true,
    },
    // Long, since software rendering shares the cores with other processes: only a browser that hangs is given up.
    captureTimeout: 120_000,
    browserNoActivityTimeout: suite === 'specs' ? 300_000 : LONG_MS,
    browserDisconnectTimeout: 30_000,
    browserConsoleLogOptions: { level: 'log', terminal: true },
    logLevel: config.LOG_WARN,
    autoWatch: false,
    restartOnFileChange: false,
  });
}
