/** Starts a NATS server of its own for a test or a program: on a free port of this machine alone, with a folder that is removed at the end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findNatsServer } from './find-nats-server';

export interface NatsServerOptions {
  /** More lines of its configuration: `authorization { … }`, `tls { … }`, `max_payload: 64KB`, … */
  readonly config?: string;
  /** Variables that the configuration uses: `$NAME`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files that the configuration includes by these names, with their texts. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether pages can connect too; see {@link NatsServer.webSocketUrl}. Off by default. */
  readonly webSocket?: boolean;
  /** Whether it has JetStream. On by default; switch it off if the configuration has a `jetstream` of its own. */
  readonly jetStream?: boolean;
}

export interface NatsServer {
  /** The address for programs: `nats://127.0.0.1:…`. It is the same after a restart. */
  readonly url: string;
  /** The address for pages: `ws://127.0.0.1:…`; '' without `webSocket`. */
  readonly webSocketUrl: string;
  /** The folder with its configuration, its files and its data. */
  readonly folder: string;
  /** Ends the process at once, as a crash would. Its data stay. */
  readonly kill: () => Promise<void>;
  /** Starts it again, on the same ports and data. */
  readonly start: () => Promise<void>;
  /** The process, to be stopped and continued by signals; null while it does not run. */
  readonly process: () => ChildProcess | null;
  /** Ends the process and removes the folder. */
  readonly stop: () => Promise<void>;
}

interface Ports {
  readonly nats: number;
  readonly webSocket: number;
}

const LONGEST_START_MS = 20_000;
/** The port that makes a NATS server choose a free one. */
const ANY = -1;

function configuration(
  folder: string,
  ports: Ports,
  { config = '', webSocket, jetStream = true }: NatsServerOptions,
): string {
  return [
    'host: "127.0.0.1"',
    `port: ${ports.nats}`,
    `ports_file_dir: ${JSON.stringify(folder)}`,
    ...(jetStream ? [`jetstream { store_dir: ${JSON.stringify(join(folder, 'data'))} }`] : []),
    ...(webSocket ? [`websocket { host: "127.0.0.1", port: ${ports.webSocket}, no_tls: true }`] : []),
    config,
    '',
  ].join('\n');
}

/** Reads the ports that the process chose; null while it has not written them. */
async function writtenPorts(folder: string): Promise<Ports | null> {
  const name = (await readdir(folder)).find((each) => each.endsWith('.ports'));
  if (name === undefined) return null;
  try {
    const written = JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<string, string[]>;
    const portOf = (urls: readonly string[] = []): number => Number(new URL(urls[0] ?? 'x:').port);
    const nats = portOf(written.nats);
    return nats > 0 ? { nats, webSocket: portOf(written.websocket) } : null;
  } catch {
    return null; // it is being written
  }
}

/** Whether the server at a port greets. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', end(true)).once('error', end(false)).once('end', end(false));
    socket.setTimeout(1_000, end(false));
  });
}

/**
 * Starts a server and waits until it answers.
 *
 * @throws if there is no server on this machine and none can be installed, or if it does not start; then the error has its log
 */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const program = findNatsServer();
  const folder = await mkdtemp(join(tmpdir(), 'rxtensor-nats-'));
  let child: ChildProcess | null = null;
  let ports: Ports = { nats: ANY, webSocket: ANY };
  let log = '';

  const killWithParent = (): void => void child?.kill('SIGKILL');

  const kill = async (): Promise<void> => {
    const running = child;
    if (!running) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await gone;
  };

  const start = async (): Promise<void> => {
    if (child) throw new Error('the NATS server runs already');
    const file = join(folder, 'server.conf');
    await writeFile(file, configuration(folder, ports, options));
    for (const name of await readdir(folder))
      if (name.endsWith('.ports')) await rm(join(folder, name), { force: true });
    log = '';
    const started = spawn(program, ['-c', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    child = started;
    started.once('exit', () => {
      if (child === started) child = null;
    });
    started.once('error', (error) => {
      log += String(error);
      child = null;
    });
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000);
    });
    const end = Date.now() + LONGEST_START_MS;
    while (child && Date.now() < end) {
      const found = await writtenPorts(folder);
      if (found && (await greets(found.nats))) {
        ports = found;
        return;
      }
      await sleep(10);
    }
    await kill();
    throw new Error(`The NATS server (${program}) does not start. Its log:\n${log}`);
  };

  const stop = async (): Promise<void> => {
    process.off('exit', killWithParent);
    await kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };

  process.on('exit', killWithParent);
  try {
    for (const [name, text] of Object.entries(options.files ?? {})) await writeFile(join(folder, name), text);
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `nats://127.0.0.1:${ports.nats}`,
    webSocketUrl: options.webSocket ? `ws://127.0.0.1:${ports.webSocket}` : '',
    folder,
    kill,
    start,
    process: () => child,
    stop,
  };
}
