// `npm run docs:accuracy`: writes docs/accuracy.md. Everything is run in Chromium, where all levels of the CPU's kernels and WebGL are.
import { writeFileSync } from 'node:fs';
import { runInPage } from '../run-in-page';
import type { Errors } from './page';
import { accuracyPage, missedAims } from './page-of-docs';

const FILE = 'docs/accuracy.md';

const errors = await runInPage<Errors>('scripts/accuracy/page.ts');
writeFileSync(FILE, accuracyPage(errors));
const missed = missedAims(errors);
for (const line of missed) console.error(line);
console.log(
  `${FILE}: ${missed.length} aims missed on ${errors.backends.map(({ backend }) => backend).join(', ')}`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
