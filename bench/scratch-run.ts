import { bundle } from './bundle';
import { writeFileSync } from 'node:fs';
const [entry, out] = process.argv.slice(2);
writeFileSync(out!, await bundle(entry!, 'node'));
