// `npm run docs:sizes`: measures dist/ (after `npm run build`), and writes docs/sizes.md and the table of README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { sizeOf } from './measure';
import { measureSizes, pageOf, readmeWith } from './page';

const sizes = await measureSizes(sizeOf);
writeFileSync('docs/sizes.md', pageOf(sizes));
writeFileSync('README.md', readmeWith(readFileSync('README.md', 'utf8'), sizes));
console.log(
  `docs/sizes.md: the first line takes ${(sizes.whole[0]!.script / 1000).toFixed(1)} KB of JavaScript`,
);
