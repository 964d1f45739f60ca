// Reads the table of docs/from-tensorflow.md that lists every name of TensorFlow.js that rxtensor lacks. A spec compares it with TensorFlow.js
// (test/models/names.spec.ts), and dist/rxtensor.js hints by it.
import { readFileSync } from 'node:fs';

const PAGE = new URL('../docs/from-tensorflow.md', import.meta.url);
const HEADING = '## Every name that is not here';

/**
 * The rows: names (that of a group or a class stands for all in it, `*Attrs` for all that end so), and what to do instead, in Markdown.
 *
 * @returns {readonly {readonly names: readonly string[], readonly instead: string}[]}
 */
export function lackingNames() {
  const [, after] = readFileSync(PAGE, 'utf8').split(`\n${HEADING}\n`);
  if (after === undefined) throw new Error(`${PAGE.pathname} has no heading '${HEADING}'`);
  const [section = ''] = after.split('\n## ');
  // The first two lines of a table are its heading.
  const lines = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  return lines.map((line) => {
    const [, names = '', instead = ''] = line.split(/(?<!\\)\|/);
    return { names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name), instead: instead.trim() };
  });
}
