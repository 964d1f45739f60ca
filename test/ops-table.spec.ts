// docs/ops.md says what is true now. What only a page can tell, the WebGL column, is taken as it was written; the specs run on WebGL.
import { readFileSync } from 'node:fs';
import { measureAll, type Measured } from '../tools/ops-table/measure';
import { pageOf, writtenWebGL } from '../tools/ops-table/page-of-docs';
import { FAILS, rowOf } from '../tools/ops-table/rows';
import { opNames } from './support/op-names';
import { sampleCallOf } from './support/ops';

describe('docs/ops.md', () => {
  const written = readFileSync('docs/ops.md', 'utf8');
  let measured: Measured[];

  beforeAll(async () => {
    measured = await measureAll(opNames);
  }, 60_000);

  it('knows how to call every op there is', () => {
    const incomplete = opNames.filter((name) => {
      const { call, int32, empty } = sampleCallOf(name);
      return typeof call !== 'function' || !int32 || !empty;
    });
    expect(incomplete).toEqual([]);
    expect(opNames.length).toBeGreaterThan(200);
  });

  it('has every op, as run on WebGL', () => {
    expect(opNames.filter((name) => !writtenWebGL(written, name))).toEqual([]);
  });

  it('is what npm run docs:ops would write', () => {
    const rows = measured.map((each) =>
      rowOf(each, writtenWebGL(written, each.name) ?? { cell: '', notes: [] }),
    );
    expect(written.split('\n')).toEqual(pageOf(rows).split('\n'));
  });

  it('has no failing cell, and a reason for each that says no', () => {
    const rows = measured.map((each) => rowOf(each, writtenWebGL(written, each.name)!));
    const unexplained = rows.filter((row) => {
      const cells = Object.values(row);
      const missing = cells.filter((cell) => cell === '–').length;
      const reasons = row.notes.filter((note) => !note.endsWith(': ')).length;
      return cells.includes(FAILS) || missing !== reasons;
    });
    expect(unexplained.map(({ name, notes }) => `${name}: ${notes.join('; ')}`)).toEqual([]);
  });
});
