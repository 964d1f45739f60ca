import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Milliseconds a run of native PyTorch, medians, by the name of the case. */
export type NativeTimes = ReadonlyMap<string, number>;

/** @throws where a line is not what pytorch.py prints */
export function parseNativeTimes(output: string): NativeTimes {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return new Map(
    lines.map((line) => {
      const { name, median } = JSON.parse(line) as { name?: unknown; median?: unknown };
      if (typeof name !== 'string' || typeof median !== 'number' || !(median > 0)) {
        throw new Error(`pytorch.py printed ${line}; wanted a name and a median`);
      }
      return [name, median];
    }),
  );
}

/** Runs pytorch.py; null where there is no Python, or no PyTorch. */
export function runPyTorch(): NativeTimes | null {
  const script = fileURLToPath(new URL('pytorch.py', import.meta.url));
  const { status, stdout } = spawnSync('python3', [script], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf8' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return status === 0 ? parseNativeTimes(stdout) : null;
}
