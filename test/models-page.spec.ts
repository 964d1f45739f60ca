// docs/models.md lists the ops of models, and the layers.
import { readFileSync } from 'node:fs';
import * as layers from '../src/models/layers';
import { opTable } from '../src/models/ops';

/** The names in the last column of the table under a heading. */
function listed(heading: string): string[] {
  const [, section = ''] = readFileSync('docs/models.md', 'utf8').split(`\n${heading}\n`);
  const [own = ''] = section.split(/\n##+ /);
  const rows = own
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (control flow|kind|---)/.test(line));
  return rows
    .flatMap((line) => line.split('|')[2]!.split(','))
    .map((name) => name.trim())
    .filter(Boolean)
    .sort();
}

describe('docs/models.md', () => {
  it('lists every op of models, and no other', () => {
    expect(listed('## Ops')).toEqual(Object.keys(opTable).sort());
  });

  it('lists every layer, and no other', () => {
    expect(listed('### Table of layers')).toEqual(Object.keys(layers).sort());
  });
});
