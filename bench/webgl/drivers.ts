import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { launch, type Browser } from 'puppeteer-core';
import { browserFlags, findBrowser } from '../../scripts/find-browser';

/** A software driver of OpenGL. Real drivers lie between the two. */
export interface Driver {
  readonly title: string;
  readonly open: () => Promise<{ readonly browser: Browser; close(): Promise<void> }>;
}

async function openSwiftShader(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const browser = await launch({
    executablePath: await findBrowser(),
    args: browserFlags(),
    protocolTimeout: 0,
  });
  return { browser, close: () => browser.close() };
}

/** A display without a screen; its number, which the server chooses. */
async function openDisplay(): Promise<{ readonly server: ChildProcess; readonly display: string }> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '800x600x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = await new Promise<string>((resolve, reject) => {
    server.once('error', () =>
      reject(new Error('there is no Xvfb; Debian has it: apt-get install xvfb libgl1-mesa-dri')),
    );
    (server.stdio[3] as Readable).once('data', (line) => resolve(`:${String(line).trim()}`));
  });
  return { server, display };
}

async function openMesa(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const { server, display } = await openDisplay();
  const flags = browserFlags().filter((flag) => !/headless|angle|swiftshader/.test(flag));
  const browser = await launch({
    executablePath: await findBrowser(),
    headless: false,
    env: { ...process.env, DISPLAY: display, LIBGL_ALWAYS_SOFTWARE: '1' },
    args: [...flags, '--use-angle=gl'],
    protocolTimeout: 0,
  });
  const close = async (): Promise<void> => {
    await browser.close();
    server.kill();
  };
  return { browser, close };
}

/** By the names that `--in` takes. */
export const drivers: Readonly<Record<string, Driver>> = {
  swiftshader: { title: 'SwiftShader', open: openSwiftShader },
  llvmpipe: { title: 'llvmpipe', open: openMesa },
};
