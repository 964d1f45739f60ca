// docs/models.md lists the ops of models.
import { readFileSync } from 'node:fs';
import { opTable } from '../src/models/ops';
import { tfliteOps } from '../src/models/ops/tflite';

/** The sections of the page, by their headings. */
const sections = new Map(
  readFileSync('docs/models.md', 'utf8')
    .split(/^## /m)
    .map((text) => [text.split('\n')[0]!, text]),
);

/** The ops in the tables of a section. */
function listedIn(section: string): string[] {
  return sections
    .get(section)!
    .split('\n')
    .filter(
      (line) => line.startsWith('| ') && !line.startsWith('| control flow') && !line.startsWith('| ---'),
    )
    .flatMap((line) =>
      line
        .split('|')[2]!
        .split(',')
        .map((name) => name.trim()),
    )
    .filter(Boolean)
    .sort();
}

describe('docs/models.md', () => {
  it('lists every op of models, and no other', () => {
    expect(listedIn('Ops')).toEqual(Object.keys(opTable).sort());
  });

  it('lists every operator of TensorFlow Lite, and no other', () => {
    // What DENSIFY unpacks is unpacked when it is read.
    const all = [...Object.keys(tfliteOps), 'DENSIFY'].map((name) => name.replace('custom ', ''));
    expect(listedIn('TensorFlow Lite')).toEqual(all.sort());
  });
});
