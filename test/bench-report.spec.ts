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
