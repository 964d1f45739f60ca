// Every public item says what it is: a sentence at each export and at each member of an exported class or interface, and an example at each function,
// op and class.
import ts from 'typescript';
import { entries, partsOfRoot } from '../scripts/entries.js';

interface Item {
  /** As a program writes it: `rxtensor/data: fit`. */
  readonly name: string;
  readonly symbol: ts.Symbol;
  readonly isMember: boolean;
}

function programOfEntries(): ts.Program {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile.bind(ts.sys)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd());
  return ts.createProgram(
    entries.map(({ source }) => source),
    { ...options, noEmit: true },
  );
}

function itemsOf(program: ts.Program): Item[] {
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Symbol>();
  const items: Item[] = [];
  const add = (symbol: ts.Symbol, name: string): void => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (seen.has(target) || !isOurs(target)) return;
    seen.add(target);
    // A group (`export * as image`) is documented where it is exported, or at the top of its file.
    if (target.flags & ts.SymbolFlags.ValueModule) {
      for (const each of checker.getExportsOfModule(target)) add(each, `${name}.${each.name}`);
      return;
    }
    items.push({ name, symbol: target, isMember: false });
    if (!(target.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface))) return;
    for (const member of checker.getDeclaredTypeOfSymbol(target).getProperties()) {
      const inherited = !member.declarations?.some((each) =>
        target.declarations?.includes(each.parent as never),
      );
      if (!inherited && !isHidden(member))
        items.push({ name: `${name}.${member.name}`, symbol: member, isMember: true });
    }
  };
  for (const { name, source } of entries) {
    if (partsOfRoot.includes(name)) continue;
    const module = checker.getSymbolAtLocation(program.getSourceFile(source)!)!;
    const entry = name === 'index' ? 'rxtensor' : `rxtensor/${name}`;
    for (const each of checker.getExportsOfModule(module)) add(each, `${entry}: ${each.name}`);
  }
  return items;
}

function isOurs(symbol: ts.Symbol): boolean {
  return (
    symbol.declarations?.some((each) => !each.getSourceFile().fileName.includes('node_modules')) ?? false
  );
}

function isHidden(member: ts.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (
    member.name.startsWith('__') ||
    member.name.startsWith('#') ||
    (member.declarations ?? []).some(
      (each) =>
        (ts.getCombinedModifierFlags(each) & hidden) !== 0 ||
        ts.getJSDocTags(each).some(({ tagName }) => tagName.text === 'internal'),
    )
  );
}

/** What this entry has is documented by TensorFlow.js, whose programs it runs: a sentence will do. */
const OF_TENSORFLOW = 'rxtensor/tfjs: ';

describe('Every public item', () => {
  let checker: ts.TypeChecker;
  let items: Item[];

  beforeAll(() => {
    const program = programOfEntries();
    checker = program.getTypeChecker();
    items = itemsOf(program);
  }, 120_000);

  it('has a sentence', () => {
    expect(items.length).toBeGreaterThan(1000);
    const silent = items.filter(
      ({ symbol }) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() === '',
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('that is called has an example', () => {
    const isCallable = (symbol: ts.Symbol): boolean =>
      (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) !== 0 ||
      // An op is a constant that can be called.
      ((symbol.flags & ts.SymbolFlags.Variable) !== 0 &&
        checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0);
    const callable = items.filter(
      ({ name, symbol, isMember }) => !isMember && !name.startsWith(OF_TENSORFLOW) && isCallable(symbol),
    );
    expect(callable.length).toBeGreaterThan(300);
    const bare = callable.filter(
      ({ symbol }) => !symbol.getJsDocTags(checker).some(({ name }) => name === 'example'),
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});
