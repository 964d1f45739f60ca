// docs/models.md lists the ops of models.
import { readFileSync } from 'node:fs';
import { opTable } from '../src/models/ops';

describe('docs/models.md', () => {
  it('lists every op of models, and no other', () => {
    const rows = readFileSync('docs/models.md', 'utf8')
      .split('\n')
      .filter(
        (line) => line.startsWith('| ') && !line.startsWith('| control flow') && !line.startsWith('| ---'),
      );
    const listed = rows
      .flatMap((line) =>
        line
          .split('|')[2]!
          .split(',')
          .map((name) => name.trim()),
      )
      .filter(Boolean);
    expect(listed.sort()).toEqual(Object.keys(opTable).sort());
  });
});
