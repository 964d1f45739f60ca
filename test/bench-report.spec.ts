import { dataMarkdown } from '../bench/data/report';
import { parseNativeTimes } from '../bench/pytorch';
import { markdown, type Column } from '../bench/report';

const measured = { peer: 'tfjs-wasm', must: 1, aim: 2, ours: 2, theirs: 5, ratio: 2.5, ratioOfMinima: 2.25 };
const columns: readonly Column[] = [
  {
    title: 'Node',
    results: [
      { ...measured, name: 'matMul' },
      { ...measured, name: 'gather' },
    ],
  },
];

describe('the table of the benchmark', () => {
  it('has a column for native PyTorch where that was measured', () => {
    const native = parseNativeTimes('{"name": "matMul", "median": 0.75, "minimum": 0.5}\n');
    const lines = markdown(columns, 'a machine', 15, native).split('\n');
    expect(lines).toContain('| case | peer | must | aim | Node | PyTorch |');
    expect(lines).toContain('| matMul | tfjs-wasm | 1 | 2 | 2.00 ms, **×2.50** (2.25) | 0.75 ms |');
    expect(lines).toContain('| gather | tfjs-wasm | 1 | 2 | 2.00 ms, **×2.50** (2.25) |  |');
  });

  it('leaves it out elsewhere', () => {
    const lines = markdown(columns, 'a machine', 15).split('\n');
    expect(lines).toContain('| case | peer | must | aim | Node |');
    expect(lines.filter((line) => line.includes('PyTorch'))).toEqual([]);
  });

  it('is not made of anything else that the script might print', () => {
    expect(() => parseNativeTimes('{"name": "matMul"}')).toThrowError(/wanted a name and a median/);
    expect(() => parseNativeTimes('Killed')).toThrowError();
  });
});

describe('the table of training from a file', () => {
  const run = { first: [], steps: 1, lastLoss: 0, milliseconds: 1 };
  const runs = (speeds: readonly number[], peakMegabytes: number) =>
    speeds.map((rowsASecond) => ({ ...run, rowsASecond, peakMegabytes }));

  it('says whether speed and memory are as asked for: by the median of the pairs, and the greatest memory', () => {
    const rows = { ours: 2000, theirs: 100 };
    const text = dataMarkdown(
      { rows, megabytes: 1, ours: runs([100, 300, 200], 249), theirs: runs([11, 20, 19], 500) },
      'a machine',
    );
    expect(text).toContain('| 2,000 | 200 | 249 |');
    expect(text).toContain('**×10.5**; asked: at least ×10: met');
    expect(text).toContain('**249 MB**; asked: below 250 MB: met');
    const slow = dataMarkdown(
      { rows, megabytes: 1, ours: runs([100], 251), theirs: runs([11], 1), problem: 'they differ' },
      'a machine',
    );
    expect(slow).toContain('×10: missed');
    expect(slow).toContain('250 MB: missed');
    expect(slow).toContain('do not compute the same: they differ');
  });
});
