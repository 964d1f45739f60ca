// `npm run docs:ops`: writes docs/ops.md. Every op is run in Node on the CPU and in Chromium on WebGL.
import { writeFileSync } from 'node:fs';
import { runInPage } from '../../scripts/run-in-page';
import { measureAll, type Measured } from './measure';
import { pageOf } from './page-of-docs';
import { FAILS, rowOf, webglVerdict } from './rows';

const FILE = 'docs/ops.md';

const onCpu = await measureAll();
const onWebGL = await runInPage<Measured[]>('tools/ops-table/page.ts');
const rows = onCpu.map((cpu, i) => rowOf(cpu, webglVerdict(onWebGL[i]!, cpu)));
writeFileSync(FILE, pageOf(rows));

const failing = rows.filter((row) => Object.values(row).includes(FAILS));
for (const { name, notes } of failing) console.error(`${name}: ${notes.join('; ')}`);
console.log(`${FILE}: ${rows.length} ops, ${failing.length} with a failure`);
process.exitCode = failing.length === 0 ? 0 : 1;
