// Files that import each other's values work only as long as nothing of theirs is needed while they load. So there are none.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const source = resolve('src');

/** Whether an import or an export of a file is erased by the compiler. */
function isOfTypes(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement) && statement.isTypeOnly) return true;
  if (
    ts.isImportDeclaration(statement) &&
    statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
  )
    return true;
  const names = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : statement.exportClause;
  if (!names || !(ts.isNamedImports(names) || ts.isNamedExports(names))) return false;
  if (ts.isImportDeclaration(statement) && statement.importClause?.name) return false;
  return names.elements.length > 0 && names.elements.every(({ isTypeOnly }) => isTypeOnly);
}

/** The files of src/ whose values a file needs while it loads. */
function valueImports(file: string): string[] {
  const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  return statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier;
    if (!from || !ts.isStringLiteral(from) || !from.text.startsWith('.') || isOfTypes(statement)) return [];
    const path = join(dirname(file), from.text);
    return [`${path}.ts`, join(path, 'index.ts')].filter((each) => existsSync(each));
  });
}

/** One circle in a graph: its files, in the order in which they import each other; null where there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): string[] | null => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const imported of graph.get(file) ?? []) {
      const circle = follow(imported, [...way, file]);
      if (circle) return circle;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const circle = follow(file, []);
    if (circle) return circle;
  }
  return null;
}

describe('Imports of values', () => {
  it('are found where there is a circle', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ]);
    expect(circleIn(graph)).toEqual(['b', 'c', 'b']);
    expect(valueImports(join(source, 'tensor/scope.ts'))).toContain(join(source, 'tensor/extent.ts'));
    expect(valueImports(join(source, 'tensor/extent.ts'))).not.toContain(join(source, 'tensor/tensor.ts'));
  });

  it('form no circle in src/', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('assembly'))
      .map((file) => join(source, file));
    const circle = circleIn(new Map(files.map((file) => [file, valueImports(file)])));
    expect(circle?.map((file) => relative(source, file)).join(' → ')).toBeUndefined();
  });
});
