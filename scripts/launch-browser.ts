import puppeteer, { type Browser } from 'puppeteer-core';
import { browserFlags, findBrowser } from './find-browser';

/** Starts the browser that the tests run in. */
export async function launchBrowser(flags: string[] = browserFlags()): Promise<Browser> {
  return puppeteer.launch({ executablePath: await findBrowser(), args: flags });
}
