// docs/models.md lists the ops of models, and the layers.
import { readFileSync } from 'node:fs';
import * as layers from '../src/models/layers';
import { opTable } from '../src/models/ops';
import { onnxOps } from '../src/models/ops/onnx';
import { tfliteOps } from '../src/models/ops/tflite';

/** The names in the last column of the tables below a heading, but for control flow. */
function listed(heading: string): string[] {
  const [, below = ''] = readFileSync('docs/models.md', 'utf8').split(`\n${heading}\n`);
  const [section = ''] = below.split(/\n##+ /);
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (control flow|kind|---)/.test(line))
    .flatMap((line) => line.split('|')[2]!.split(','))
    .map((name) => name.trim())
    .filter(Boolean)
    .sort();
}

describe('docs/models.md', () => {
  it('lists every op of TensorFlow, and no other', () => {
    expect(listed('## Ops')).toEqual(Object.keys(opTable).sort());
  });

  it('lists every op of ONNX, and no other', () => {
    // Those of our own have a colon.
    const names = Object.keys(onnxOps).filter((name) => !name.includes(':'));
    expect(listed('## Models of ONNX')).toEqual(names.sort());
  });

  it('lists every operator of TensorFlow Lite, and no other', () => {
    // What DENSIFY unpacks is unpacked when it is read.
    const names = [...Object.keys(tfliteOps), 'DENSIFY'].map((name) => name.replace('custom ', ''));
    expect(listed('## TensorFlow Lite')).toEqual(names.sort());
  });

  it('lists every layer, and no other', () => {
    expect(listed('### Table of layers')).toEqual(Object.keys(layers).sort());
  });
});
