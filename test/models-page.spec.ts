// docs/models.md lists the ops of models.
import { readFileSync } from 'node:fs';
import { opTable } from '../src/models/ops';
import { onnxOps } from '../src/models/ops/onnx';
import type { OpTable } from '../src/models/ops/row';

/** The ops that the tables below a heading name, without control flow. */
function listedBelow(heading: string): string[] {
  const page = readFileSync('docs/models.md', 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`))!;
  return section
    .split('\n')
    .filter(
      (line) => line.startsWith('| ') && !line.startsWith('| control flow') && !line.startsWith('| ---'),
    )
    .flatMap((line) => line.split('|')[2]!.split(','))
    .map((name) => name.trim())
    .filter(Boolean)
    .sort();
}

/** The names that a file may have: those of our own ops have a colon. */
const namesOf = (table: OpTable): string[] =>
  Object.keys(table)
    .filter((name) => !name.includes(':'))
    .sort();

describe('docs/models.md', () => {
  it('lists every op of TensorFlow, and no other', () => {
    expect(listedBelow('Ops')).toEqual(namesOf(opTable));
  });

  it('lists every op of ONNX, and no other', () => {
    expect(listedBelow('Models of ONNX')).toEqual(namesOf(onnxOps));
  });
});
