import { launch } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../../scripts/find-browser';
import type { OpenBrowser } from '../chromium';

/** A browser of its own, whose shaders nobody has compiled. */
export async function openBrowser(): Promise<OpenBrowser> {
  const browser = await launch({
    executablePath: await findBrowser(),
    args: browserFlags(),
    protocolTimeout: 0,
  });
  return { browser, close: () => browser.close() };
}
