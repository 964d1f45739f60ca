// Runs a module of this project in Chromium and returns its result.
import { build } from 'esbuild';
import { launchBrowser } from './launch-browser';

/** The numbers that JSON cannot express. */
const unwritten: ReadonlyMap<unknown, number> = new Map(
  [NaN, Infinity, -Infinity].map((value) => [String(value), value]),
);

/**
 * Bundles a module, loads it into an empty page and calls the function `main` that it exports.
 *
 * @param file the module's path
 * @param argument the argument of `main`; like the result, it must consist of JSON values and numbers (NaN and infinities too)
 */
export async function runInPage<T>(file: string, argument: unknown = null): Promise<T> {
  const bundled = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'entry',
    target: 'es2022',
    logLevel: 'warning',
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.addScriptTag({ content: bundled.outputFiles[0]!.text });
    const text = (await page.evaluate(
      `entry.main(${JSON.stringify(argument)}).then((result) => JSON.stringify(result, (_, value) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value))`,
    )) as string;
    return JSON.parse(text, (_, value: unknown) => unwritten.get(value) ?? value) as T;
  } finally {
    await browser.close();
  }
}
