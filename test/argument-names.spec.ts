// The names in the errors of test/support/ops and test/support/wrong-arguments are those that a reader finds in the signatures: of a parameter, of a field of
// the options that one takes, of a parameter of the function that is returned.
import { resolve } from 'node:path';
import ts from 'typescript';
import { descriptions } from './support/ops';
import type { Row } from './support/wrong-arguments/argument';
import { functionRows } from './support/wrong-arguments/functions';

const ENTRIES = ['src/tensor/index.ts', 'src/custom-kernels/index.ts', 'src/programs/index.ts'].map((file) =>
  resolve(file),
);

function load(): { checker: ts.TypeChecker; entries: ts.SourceFile[] } {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'));
  const program = ts.createProgram(ENTRIES, { ...options, noEmit: true });
  return { checker: program.getTypeChecker(), entries: ENTRIES.map((file) => program.getSourceFile(file)!) };
}

const { checker, entries } = load();
const [root] = entries as [ts.SourceFile];
const exported = new Map(
  entries
    .flatMap((entry) => checker.getExportsOfModule(checker.getSymbolAtLocation(entry)!))
    .map((each) => [each.name, each]),
);
const typeOf = (symbol: ts.Symbol): ts.Type => checker.getTypeOfSymbolAtLocation(symbol, root);

/** The type of an op, of a member of a group, a class or what a function gives; else that of an optimizer's factory or a method. */
function typeNamed(name: string): ts.Type | undefined {
  const [first = '', member] = name.split('.');
  const found = exported.get(first);
  if (found) {
    if (member === undefined) return typeOf(found);
    const symbol = aliased(found);
    if (symbol.flags & ts.SymbolFlags.Class) return memberOf(checker.getDeclaredTypeOfSymbol(symbol), member);
    const [call] = typeOf(found).getCallSignatures();
    return memberOf(call ? call.getReturnType() : typeOf(found), member);
  }
  return (
    memberOf(typeOf(exported.get('train')!), name) ??
    ['Optimizer', 'Variable']
      .map((each) => memberOf(checker.getDeclaredTypeOfSymbol(aliased(exported.get(each)!)), name))
      .find((type) => type !== undefined)
  );
}

function aliased(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function memberOf(type: ts.Type | undefined, name: string): ts.Type | undefined {
  const member = type?.getProperty(name);
  return member && typeOf(member);
}

/** A parameter, and the fields of the options that it takes. */
interface Parameter {
  readonly name: string;
  readonly fields: readonly string[];
  /** Any value of it is right. */
  readonly isFlag: boolean;
}

/** The parameters of a signature; a list of rest parameters with names of their own is those. */
function parametersOf(signature: ts.Signature): Parameter[] {
  return signature.parameters.flatMap((parameter): Parameter[] => {
    const type = typeOf(parameter);
    const { labeledElementDeclarations: labels } =
      ((type as ts.TypeReference).target as ts.TupleType | undefined) ?? {};
    if (labels?.every((label) => label !== undefined)) {
      return labels.map((label) => ({ name: label.name.getText(), fields: [], isFlag: false }));
    }
    const isFlag = checker.typeToString(checker.getNonNullableType(type)) === 'boolean';
    return [{ name: parameter.name, fields: fieldsOf(type), isFlag }];
  });
}

/** Every name that a caller of the function gives something by. */
function namesOf(type: ts.Type): Set<string> {
  return new Set(
    type.getCallSignatures().flatMap((signature) => {
      const returned = signature.getReturnType().getCallSignatures();
      return [signature, ...returned].flatMap(parametersOf).flatMap(({ name, fields }) => [name, ...fields]);
    }),
  );
}

/** The fields of a type that is a plain record of options, and none of lists, tensors and functions. */
function fieldsOf(type: ts.Type): string[] {
  const each = type.isUnion() ? type.types : [type];
  return each.flatMap((part) => {
    const isRecord = (part.flags & ts.TypeFlags.Object) !== 0 && part.getCallSignatures().length === 0;
    const isTensor = part.getProperty('dataSync') !== undefined;
    const isList = part.getNumberIndexType() !== undefined;
    return isRecord && !isTensor && !isList ? part.getProperties().map(({ name }) => name) : [];
  });
}

describe('the arguments that errors name', () => {
  const rows: [string, Row][] = [...Object.entries(descriptions), ...Object.entries(functionRows)];

  it('are those of the signatures', () => {
    expect(rows.length).toBeGreaterThan(200);
    const wrong = rows.flatMap(([name, { args }]) => {
      const type = typeNamed(name);
      if (!type || type.getCallSignatures().length === 0) return [`${name} is no function`];
      const known = namesOf(type);
      const named = args.flatMap((argument) => [argument.name, ...(argument.partners ?? [])]);
      return named
        .filter((argument) => !known.has(argument))
        .map((argument) => `${name}: '${argument}'; its arguments are ${[...known].join(', ')}`);
    });
    expect(wrong).toEqual([]);
  });

  it('are all that there are', () => {
    const missing = rows.flatMap(([name, { args }]) => {
      const [signature] = typeNamed(name)?.getCallSignatures() ?? [];
      const named = args.map((argument) => argument.name);
      const parameters = signature ? parametersOf(signature) : [];
      return parameters
        .filter(
          ({ name, fields, isFlag }) => !isFlag && ![name, ...fields].some((each) => named.includes(each)),
        )
        .map((parameter) => `${name}: '${parameter.name}'`);
    });
    expect(missing).toEqual([]);
  });
});
