// Lists the names that a package uses of TensorFlow.js, and says which of them `rxtensor/tfjs` lacks:
//   npm run tfjs:names -- handtrackjs nsfwjs      packages in node_modules
//   npm run tfjs:names -- src/app.ts              or files, with what they import by relative paths
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import * as tfjs from 'rxtensor/tfjs';

const TENSORFLOW = /^@tensorflow\/tfjs(-(core|converter|layers|data))?(\/.*)?$/;

/** The file of a package's entry, or the file itself. */
function entryOf(name: string): string {
  if (existsSync(name) && statSync(name).isFile()) return resolve(name);
  const require = createRequire(pathToFileURL(join(process.cwd(), 'none.js')));
  return require.resolve(name);
}

/** The file that a relative import stands for. */
function importedFile(from: string, path: string): string | null {
  const base = resolve(dirname(from), path);
  const candidates = [base, `${base}.js`, `${base}.ts`, join(base, 'index.js'), join(base, 'index.ts')];
  return candidates.find((file) => existsSync(file) && statSync(file).isFile()) ?? null;
}

/** The text in `import … from 'text'`, `export … from 'text'` and `require('text')`. */
function moduleIn(node: ts.Node): string | null {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
    return ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : null;
  if (!ts.isCallExpression(node)) return null;
  // Compiled modules wrap it: __importStar(require('…')).
  const [argument] = node.arguments;
  if (argument && ts.isCallExpression(argument)) return moduleIn(argument);
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return isRequire && argument && ts.isStringLiteral(argument) ? argument.text : null;
}

/** The dotted names of TensorFlow.js in a file, and the files that it imports. */
function namesIn(file: string): { readonly names: Set<string>; readonly imports: string[] } {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const names = new Set<string>();
  const imports: string[] = [];
  const namespaces = new Set<string>();
  const visit = (node: ts.Node): void => {
    const path = moduleIn(node);
    if (path?.startsWith('.')) imports.push(...[importedFile(file, path)].filter((each) => each !== null));
    if (path !== null && TENSORFLOW.test(path)) {
      if (ts.isImportDeclaration(node)) {
        const bindings = node.importClause?.namedBindings;
        if (bindings && ts.isNamespaceImport(bindings)) namespaces.add(bindings.name.text);
        if (
          bindings &&
          ts.isNamedImports(bindings) &&
          node.importClause.phaseModifier !== ts.SyntaxKind.TypeKeyword
        )
          for (const { propertyName, name, isTypeOnly } of bindings.elements)
            if (!isTypeOnly) names.add((propertyName ?? name).text);
      }
      if (ts.isVariableDeclaration(node.parent) && ts.isIdentifier(node.parent.name))
        namespaces.add(node.parent.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const use = (node: ts.Node): void => {
    const name = ts.isPropertyAccessExpression(node) ? dottedName(node, namespaces) : null;
    // Of `tf.image.resizeBilinear` the longest counts.
    if (name !== null) names.add(name);
    else ts.forEachChild(node, use);
  };
  use(source);
  return { names, imports };
}

/** `image.resizeBilinear` of `tf.image.resizeBilinear`; null if it begins with no namespace of TensorFlow.js. */
function dottedName(node: ts.PropertyAccessExpression, namespaces: ReadonlySet<string>): string | null {
  const { expression, name } = node;
  if (ts.isIdentifier(expression)) return namespaces.has(expression.text) ? name.text : null;
  if (!ts.isPropertyAccessExpression(expression)) return null;
  const before = dottedName(expression, namespaces);
  return before === null ? null : `${before}.${name.text}`;
}

/** Whether `rxtensor/tfjs` has the name. What is read of a function or a class counts as there. */
function isThere(name: string): boolean {
  let found: unknown = tfjs;
  for (const part of name.split('.')) {
    if (typeof found === 'function') return true;
    if (typeof found !== 'object' || found === null || !(part in found)) return false;
    found = (found as Record<string, unknown>)[part];
  }
  return true;
}

const packages = process.argv.slice(2);
if (packages.length === 0)
  throw new Error('npm run tfjs:names needs packages or files: npm run tfjs:names -- nsfwjs');
for (const name of packages) {
  const files = [entryOf(name)];
  const used = new Set<string>();
  // The list grows while it is walked.
  for (const file of files) {
    const { names, imports } = namesIn(file);
    for (const each of names) used.add(each);
    for (const each of imports) if (!files.includes(each)) files.push(each);
  }
  const all = [...used].sort();
  const lacking = all.filter((each) => !isThere(each));
  console.log(`${name} uses ${all.length} names of TensorFlow.js: ${all.join(', ')}`);
  console.log(
    lacking.length === 0 ? '  rxtensor/tfjs has them all' : `  rxtensor/tfjs lacks ${lacking.join(', ')}`,
  );
}
