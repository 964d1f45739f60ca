import { ESLint } from 'eslint';

const eslint = new ESLint({ ruleFilter: ({ ruleId }) => ruleId === 'rxtensor/own-properties' });

/** How often the rule on keys complains of a program, were it in a file of src/ that is there: it asks for types. */
async function complaints(program: string): Promise<number> {
  const [result] = await eslint.lintText(`${program}\nexport {};\n`, {
    filePath: 'src/streams/data/rows.ts',
  });
  expect(result!.fatalErrorCount).withContext(program).toBe(0);
  return result!.messages.filter(({ ruleId }) => ruleId === 'rxtensor/own-properties').length;
}

const given = `
  declare const record: Record<string, unknown>;
  declare const text: string;
  declare const either: 'a' | 'b';
  declare const index: number;
  declare const list: unknown[];
`;

describe('The lint rule on keys that may be any text', () => {
  const refused = [
    'record[text] = 1;',
    'record[`${text}.x`] = 1;',
    'record[text] ??= 1;',
    'export function f<K extends string>(key: K): void { record[key] = 1; }',
    'export function f(key: any): void { record[key] = 1; }',
    'for (const key of Object.keys(record)) list.push((record[key] = 1));',
    'Object.assign(record, JSON.parse(text));',
    'Reflect.set(record, text, 1);',
  ];
  for (const line of refused) {
    it(`refuses ${line}`, async () => expect(await complaints(given + line)).toBe(1));
  }

  const allowed = [
    'record[either] = 1;',
    'list[index] = 1;',
    `record['x'] = 1;`,
    'export const copy = { ...record, [text]: 1 };',
    'export const entries = Object.fromEntries([[text, 1]]);',
    'export const read = record[text];',
  ];
  for (const line of allowed) {
    it(`allows ${line}`, async () => expect(await complaints(given + line)).toBe(0));
  }
});
