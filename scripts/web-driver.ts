/** A browser driven by WebDriver (W3C, 2018), as far as a test needs it. Used for WebKit, which no library that is installed here drives. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDisplay } from './display';
import { findWebKitDriver, SOFTWARE_GRAPHICS } from './other-browsers';

export interface DrivenBrowser {
  /** Its name and version, as it says. */
  readonly name: string;
  readonly open: (address: string) => Promise<void>;
  /** The value of an expression in the page, awaited. It must consist of JSON values. */
  readonly evaluate: <T>(expression: string) => Promise<T>;
  /** A picture of the page, as PNG. */
  readonly screenshot: () => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

const LONGEST_START_MS = 30_000;
const LONGEST_SCRIPT_MS = 240_000;

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Sends a command, and gives its value. */
async function send<T>(address: string, method: 'GET' | 'POST' | 'DELETE', body?: unknown): Promise<T> {
  const response = await fetch(address, { method, body: body === undefined ? null : JSON.stringify(body) });
  const { value } = (await response.json()) as { value: T };
  if (response.ok) return value;
  const { error, message } = value as { error?: string; message?: string };
  throw new Error(`WebDriver: ${method} ${new URL(address).pathname}: ${error}: ${message}`);
}

/**
 * Starts WebKit's browser for tests, on a display of its own.
 *
 * @throws if there is no driver and none can be installed, or if the browser does not start
 */
export async function launchWebKit(): Promise<DrivenBrowser> {
  const program = findWebKitDriver();
  const display = await startDisplay();
  const port = await freePort();
  const driver = spawn(program, [`--port=${port}`, '--host=127.0.0.1'], {
    env: {
      ...process.env,
      ...SOFTWARE_GRAPHICS,
      DISPLAY: display.name,
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
    stdio: 'ignore',
  });
  const gone = new Promise<void>((resolve) => driver.once('close', () => resolve()));
  const kill = (): void => void driver.kill('SIGKILL');
  process.on('exit', kill);
  const end = async (): Promise<void> => {
    process.off('exit', kill);
    kill();
    await gone;
    await display.stop();
  };

  try {
    const root = `http://127.0.0.1:${port}`;
    await until(() => send(`${root}/status`, 'GET'));
    const { sessionId, capabilities } = await send<{
      sessionId: string;
      capabilities: { browserName: string; browserVersion: string };
    }>(`${root}/session`, 'POST', { capabilities: { alwaysMatch: {} } });
    const session = `${root}/session/${sessionId}`;
    await send(`${session}/timeouts`, 'POST', { script: LONGEST_SCRIPT_MS });
    return {
      name: `${capabilities.browserName} ${capabilities.browserVersion}`,
      open: (url) => send(`${session}/url`, 'POST', { url }),
      evaluate: async <T>(expression: string) => {
        const script = `const [done] = arguments;
          Promise.resolve().then(() => (${expression})).then(
            (value) => done({ value }), (error) => done({ error: String(error) + '\\n' + error.stack }));`;
        const { value, error } = await send<{ value: T; error?: string }>(
          `${session}/execute/async`,
          'POST',
          {
            script,
            args: [],
          },
        );
        if (error !== undefined) throw new Error(`in the page: ${error}`);
        return value;
      },
      screenshot: async () => Buffer.from(await send<string>(`${session}/screenshot`, 'GET'), 'base64'),
      close: async () => {
        await send(session, 'DELETE').catch(() => undefined);
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Tries until it succeeds. */
async function until<T>(attempt: () => Promise<T>): Promise<T> {
  const limit = Date.now() + LONGEST_START_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > limit) throw error;
      await sleep(100);
    }
  }
}
