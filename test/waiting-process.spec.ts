// A program that cannot go on ends with a message, and not with exit code 13 and without a word, nor never.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

async function run(program: string): Promise<Ended> {
  const args = ['--import', 'tsx', 'test/waiting-process/program.ts', program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  const code = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, output, errors };
}

describe('A program of Node', () => {
  it('that can go on does, and says nothing', async () => {
    expect(await run('right')).toEqual({ code: 0, output: '8\n', errors: '' });
  });

  const stuck: Readonly<Record<string, RegExp>> = {
    held: /examples: it cannot go on.* across holds 2, since .*: leave out the option holds/,
    'held and awaited': /examples: it cannot go on.* across holds 2/,
    zipped: /examples: it cannot go on.* zipTensor holds \d+, since .* inFlight that is greater/,
    looped:
      /examples: it cannot go on.* each holds 2, since nobody asks for the next value: go on with the loop, or end it/,
    promised: /mapTensorAsync: it cannot go on.* does not settle; settle each, or reject it/,
    'held and retried': /subscribed to again, 100 times in a row: retry\(\).* Give it a count/,
    'promised and retried': /subscribed to again, 100 times in a row/,
  };
  for (const [program, message] of Object.entries(stuck)) {
    it(`whose stream is ${program} ends with a message and a code`, async () => {
      const { code, errors } = await run(program);
      expect(errors).toMatch(message);
      expect(code).toBe(1);
    });
  }

  it('that goes on after errors ends all the same', async () => {
    const { code, errors } = await run('retried and kept going');
    expect(errors.trim().split('\n')).toEqual([jasmine.stringMatching(/100 times in a row/) as never]);
    expect(code).toBe(3);
  });
});
