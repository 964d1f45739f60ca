// `npm run docs:accuracy`: writes docs/accuracy.md. All is measured in Chromium, which has WebGL and all levels of the CPU's kernels.
import { writeFileSync } from 'node:fs';
import { runInPage } from '../../scripts/run-in-page';
import { longOpNames, type LongError } from './long-sums';
import type { BackendErrors } from './page';
import { accuracyPage, missedAims } from './page-of-docs';

const FILE = 'docs/accuracy.md';

const backends = await runInPage<BackendErrors[]>('tools/accuracy/page.ts');
const long: LongError[] = [];
for (const name of longOpNames) {
  console.log(name);
  long.push(...(await runInPage<LongError[]>('tools/accuracy/page-of-long-sums.ts', name)));
}
const errors = { backends, long };
writeFileSync(FILE, accuracyPage(errors));
const missed = missedAims(errors);
for (const line of missed) console.error(line);
console.log(`${FILE}: ${missed.length} aims missed on ${backends.map(({ backend }) => backend).join(', ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
