/** The names that `@tensorflow/tfjs` exports, read from the packages that it is made of, and those that rxtensor has. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { entries } from '../../scripts/entries.js';

const FOLDER = 'test/models';
const require = createRequire(join(process.cwd(), FOLDER, 'tensorflow-names.ts'));
/** `@tensorflow/tfjs` exports all of these, and the last one as the group `data`. */
const PACKAGES = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-converter'];
const DATA = '@tensorflow/tfjs-data';

type Group = Readonly<Record<string, unknown>>;

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

/** The dotted names of values: `util.assert`. What is made by the program itself (a default backend, settings) has no names of its own. */
function valueNames(group: Group, before = ''): string[] {
  return Object.keys(group).flatMap((key) => {
    if (key === 'default' || key === '__esModule' || /^\d+$/.test(key)) return [];
    const name = `${before}${key}`;
    const value = group[key];
    return isGroup(value) ? [name, ...valueNames(value, `${name}.`)] : [name];
  });
}

/** The types that modules export, and the public members of those of a kind (classes, interfaces): `Tensor.reshape`. */
function typeNames(
  files: readonly string[],
  options: ts.CompilerOptions,
  withMembers: ts.SymbolFlags,
): Set<string> {
  const program = ts.createProgram(files, { ...options, noEmit: true, skipLibCheck: true });
  const checker = program.getTypeChecker();
  const names = new Set<string>();
  for (const file of files) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!);
    if (!module) throw new Error(`${file} is no module`);
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!(symbol.flags & (ts.SymbolFlags.Type | ts.SymbolFlags.Class))) continue;
      names.add(exported.name);
      if (!(symbol.flags & withMembers)) continue;
      for (const member of checker.getDeclaredTypeOfSymbol(symbol).getProperties()) {
        const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
        const isHidden = member.declarations?.some((each) => ts.getCombinedModifierFlags(each) & hidden);
        if (!isHidden && !member.name.startsWith('_')) names.add(`${exported.name}.${member.name}`);
      }
    }
  }
  return names;
}

/** All that TensorFlow.js exports, and the public members of its classes. */
export function tensorFlowNames(): Set<string> {
  const load = (name: string): Group => require(name) as Group;
  const values = Object.assign({}, ...PACKAGES.map(load), { data: load(DATA) }) as Group;
  const declarations = (name: string): string => join(FOLDER, 'node_modules', name, 'dist/index.d.ts');
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  return new Set([
    ...valueNames(values),
    ...typeNames(PACKAGES.map(declarations), options, ts.SymbolFlags.Class),
    ...[...typeNames([declarations(DATA)], options, ts.SymbolFlags.Class)].map((name) => `data.${name}`),
  ]);
}

/** All that the entries of rxtensor export, and the public members of classes and interfaces. */
export async function ownNames(): Promise<Set<string>> {
  const modules = await Promise.all(
    entries.map(({ subpath }) => import(`rxtensor${subpath.slice(1)}`) as Promise<Group>),
  );
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile.bind(ts.sys)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd());
  return new Set([
    ...modules.flatMap((module) => valueNames(module)),
    ...typeNames(
      entries.map(({ source }) => source),
      options,
      ts.SymbolFlags.Class | ts.SymbolFlags.Interface,
    ),
  ]);
}
