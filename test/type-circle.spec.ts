// Imports of types count here too: a circle of them is what a reader has to know at once to understand one of its files.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const SOURCE = resolve('src');

/** What a file imports from src/, values or types. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
  return importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith('.')) return [];
    const path = join(dirname(file), fileName);
    return [`${path}.ts`, join(path, 'index.ts')].filter((each) => existsSync(each));
  });
}

/** All files that can be reached from one, itself only if a circle leads back to it. */
function reachedFrom(file: string, graph: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const imported of graph.get(next) ?? []) {
      if (reached.has(imported)) continue;
      reached.add(imported);
      waiting.push(imported);
    }
  }
  return reached;
}

/** What a tensor is, who owns it, what it stands for on the tape, and its methods, by their types. */
const definingTensors = [
  ...['tensor', 'new-tensor', 'tensor-like', 'tensor-buffer', 'variable', 'tape', 'ops/method-types'],
  ...['chained-methods', 'chained-shaping-methods', 'chained-grouped-methods'],
  ...['scope', 'extent', 'births', 'abandoned', 'container', 'copies', 'living-tensors', 'op'],
  ...['device', 'device-observers'],
].map((name) => `tensor/${name}.ts`);

describe('the circle of imports through tensor.ts', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('assembly'))
    .map((file) => join(SOURCE, file));
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  const tensor = join(SOURCE, 'tensor/tensor.ts');
  const circle = [...reachedFrom(tensor, graph)].filter((file) => reachedFrom(file, graph).has(tensor));

  it('has only the files that define a tensor, types included', () => {
    expect(circle.length).toBeGreaterThan(1);
    const others = circle
      .map((file) => relative(SOURCE, file))
      .filter((file) => !definingTensors.includes(file));
    expect(others).toEqual([]);
  });
});
