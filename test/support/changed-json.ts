/** Wrong JSON: each value of a text with each value of a table of wrong ones, and with fields that are missing, doubled or strange. */

/** Wrong values as JSON text. (A number beyond float64 is parsed as Infinity.) */
const WRONG_VALUES = [
  ...['null', 'true', 'false', '0', '-0', '1', '-1', '-5', '3', '0.5', '1e-300', '1e400', '-1e400'],
  ...['2147483648', '4294967295', '4294967296', '1099511627776', '9007199254740991', '9007199254740992'],
  ...['""', '"x"', '"0"', '"__proto__"', '"constructor"', '"toString"', '"slope"', '"offset"', '"\\ud800"'],
  ...[
    '[]',
    '[[]]',
    '[null]',
    '["x"]',
    '[-1]',
    '[0.5]',
    '[1,2,3]',
    '[1099511627776]',
    '[0]',
    '[0,9007199254740991]',
  ],
  '[9007199254740991,9007199254740991,9007199254740991]',
  ...[
    '{}',
    '{"length":1}',
    '{"__proto__":{"name":"slope"}}',
    '{"constructor":5}',
    '{"toString":1,"valueOf":2}',
  ],
  ...['"float64"', '"int32"', '"bool"', '"float32"', '"string"'],
  `"${'x'.repeat(100_000)}"`,
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
];

/** Names of fields that no object has. An assignment to the first would set an object's prototype. */
const OTHER_FIELDS = ['__proto__', 'constructor', 'toString', 'extra', 'length2', ''];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A value in JSON, with a function that writes the whole with other JSON in that place. */
interface Spot {
  readonly path: string;
  readonly value: Json;
  readonly write: (json: string) => string;
}

/** All values: the whole, each field, and each item of a list. */
function spotsOf(spot: Spot): Spot[] {
  const { value, path } = spot;
  if (typeof value !== 'object' || value === null) return [spot];
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const inner = entries.flatMap(([key, part], i) =>
    spotsOf({
      path: isList ? `${path}[${key}]` : `${path}${path && '.'}${key}`,
      value: part,
      write: (json) => spot.write(written(entries, isList, i, json)),
    }),
  );
  return [spot, ...inner];
}

/** Writes an object or a list as JSON, with the JSON of one entry replaced. */
function written(entries: readonly [string, Json][], isList: boolean, at = -1, json = ''): string {
  const parts = entries.map(([key, part], i) => {
    const text = i === at ? json : JSON.stringify(part);
    return isList ? text : `${JSON.stringify(key)}:${text}`;
  });
  return isList ? `[${parts.join()}]` : `{${parts.join()}}`;
}

function spliced<T>(items: readonly T[], at: number, without: number, ...added: readonly T[]): T[] {
  return [...items.slice(0, at), ...added, ...items.slice(at + without)];
}

/** JSON with one change, for every change of the tables. */
export function changedJson(text: string): { readonly name: string; readonly json: string }[] {
  const spots = spotsOf({ path: '', value: JSON.parse(text) as Json, write: (json) => json });
  return spots.flatMap(({ path, value, write }) => {
    const place = path || 'the whole';
    const replaced = WRONG_VALUES.map((json) => ({
      name: `${place} is ${json.slice(0, 60)}`,
      json: write(json),
    }));
    if (typeof value !== 'object' || value === null) return replaced;
    const isList = Array.isArray(value);
    const entries = Object.entries(value);
    const without = entries.map(([key], i) => ({
      name: `${place} without ${key}`,
      json: write(written(spliced(entries, i, 1), isList)),
    }));
    const twice = entries.map((entry, i) => ({
      name: `${place} with ${entry[0]} twice`,
      json: write(written(spliced(entries, i, 0, entry), isList)),
    }));
    const more = OTHER_FIELDS.map((key) => ({
      name: `${place} with ${key || 'an empty key'}`,
      json: write(written([...entries, [key, { name: 'slope' }]], isList)),
    }));
    const reversed = { name: `${place} reversed`, json: write(written([...entries].reverse(), isList)) };
    return [...replaced, ...without, ...twice, ...more, reversed];
  });
}
