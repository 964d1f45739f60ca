/** Starts a display without a screen, for browsers that draw nothing without one. */
import { spawn } from 'node:child_process';
import { findVirtualDisplay } from './other-browsers';

export interface Display {
  /** Its name, for the environment variable `DISPLAY`. */
  readonly name: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a display of its own, on a number that is free.
 *
 * @throws if there is no program for it and none can be installed, or if it does not start; then the error has what it said
 */
export async function startDisplay(): Promise<Display> {
  const args = ['-displayfd', '1', '-screen', '0', '1366x800x24', '-nolisten', 'tcp'];
  const child = spawn(findVirtualDisplay(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    kill();
    await gone;
  };
  const kill = (): void => void child.kill('SIGKILL');
  process.on('exit', kill);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const number = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (text.includes('\n')) resolve(text.trim());
    });
    child.once('error', reject);
    void gone.then(() => reject(new Error(`the virtual display does not start: ${log}`)));
  });
  return { name: `:${number}`, stop };
}
