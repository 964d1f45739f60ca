// Saves to one file without end: `saving.ts FILE FIRST`. Content number n is MEGABYTES of bytes n; says n, on a line, when it is through.
import { fileStore } from 'rxtensor/node';

const [file, first] = process.argv.slice(2);
if (file === undefined || first === undefined) throw new Error('usage: saving.ts FILE FIRST');

/** So large that a kill finds writes half done. */
const MEGABYTES = 2;
const store = fileStore(file);
for (let n = Number(first); ; n++) {
  await store.save(new Uint8Array(MEGABYTES << 20).fill(n));
  process.stdout.write(`${n}\n`);
}
