// What docs/frameworks.md shows stands in files that are built and run (test/platforms).
import { readFileSync } from 'node:fs';
import { startService, type Service } from '../examples/frameworks/node/service';
import { memory } from 'rxtensor';
import { until } from './example-pages';

const PAGE = 'docs/frameworks.md';
const PART = /<!-- part of (examples\/\S+) -->\n+```\w+\n([\s\S]*?)```/;
const SHOWN = /<!-- (examples\/\S+) -->\n+```\w+\n([\s\S]*?)```/g;

describe('docs/frameworks.md', () => {
  const page = readFileSync(PAGE, 'utf8');
  const shown = [...page.matchAll(SHOWN)];

  it('shows a program for each framework', () => {
    expect(shown.map(([, file]) => file)).toEqual([
      'examples/frameworks/learn-line.ts',
      'examples/frameworks/react/training.tsx',
      'examples/frameworks/vue/training.vue',
      'examples/frameworks/svelte/training.svelte',
      'examples/frameworks/node/service.ts',
    ]);
  });

  for (const [, file = '', text] of shown) {
    it(`shows ${file} as it is`, () => {
      expect(text).toBe(readFileSync(file, 'utf8'));
    });
  }

  it('shows a part of an Angular component as it is', () => {
    const [, file = '', part = ''] = PART.exec(page)!;
    expect(readFileSync(file, 'utf8')).toContain(part);
    expect(part.split('\n').length).toBeGreaterThan(10);
  });
});

describe('the service for Node', () => {
  let service: Service;
  let numTensors: number;

  beforeEach(async () => {
    ({ numTensors } = memory());
    service = await startService();
  });

  afterEach(async () => {
    await service.stop();
    expect(memory().numTensors).toBe(numTensors);
  });

  async function ask(path: string, body?: string): Promise<[status: number, answer: unknown]> {
    const init = body === undefined ? {} : { method: 'POST', body };
    const response = await fetch(`${service.address}${path}`, init);
    return [response.status, await response.json()];
  }

  it('learns what it is told, and answers', async () => {
    expect(await ask('/line?x=2')).toEqual([200, { y: 0, loss: null, steps: 0 }]);
    const points = Array.from({ length: 320 }, (_, i) => ({ x: i % 5, y: 2 * (i % 5) + 1 }));
    await until(
      async () => {
        expect(await ask('/points', JSON.stringify(points))).toEqual([202, { accepted: 320 }]);
        return (await ask('/line?x=10'))[1] as { y: number; loss: number; steps: number };
      },
      'it has learnt the line',
      ({ y, loss, steps }) => Math.abs(y - 21) < 0.5 && loss < 0.01 && steps > 10,
    );
  });

  it('refuses what it cannot learn, and goes on', async () => {
    for (const body of ['', '[1]', '[{"x": 1}]', '[{"x": "1", "y": 2}]', 'x'.repeat(1_000_001)])
      expect((await ask('/points', body))[0]).toBe(400);
    for (const path of ['/', '/line', '/line?x=much']) expect((await ask(path))[0]).toBe(404);
    expect((await ask('/line?x=0'))[0]).toBe(200);
  });
});
