// What dist/rxtensor.js offers: the names of dist/rxtensor.min.js, and a hint in the console where a program asks for one that is not there.
// Only a script can do so: the names of ES modules are fixed before a program runs.
import * as script from './script';

/** By dotted names that TensorFlow.js or another entry has: what to do instead. The build writes it here (rollup.config.js). */
declare const HINTS: Readonly<Record<string, string>>;

/** What programs and consoles ask of any object, to find out what it is. */
const PROBES: readonly string[] = [
  'then',
  'toJSON',
  'default',
  '__esModule',
  '$$typeof',
  'nodeType',
  'asymmetricMatch',
];

type Group = Readonly<Record<string, unknown>>;

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

/** What to do where a name is not there. */
function hintOf(name: string, key: string, names: Group): string {
  if (Object.hasOwn(HINTS, name)) return HINTS[name]!;
  const near = Object.keys(names).find((other) => other.toLowerCase() === key.toLowerCase());
  return near === undefined ? 'nothing of that name is known.' : `it is written '${near}'.`;
}

/** The same names, in groups as well. What is said of a missing one is said once. */
function hinting(group: Group, before: string): Group {
  const said = new Set<string>();
  const names: Group = Object.fromEntries(
    Object.entries(group).map(([name, value]) => [
      name,
      isGroup(value) ? hinting(value, `${before}${name}.`) : value,
    ]),
  );
  return new Proxy(names, {
    get(target, key): unknown {
      if (typeof key === 'string' && !(key in target) && !PROBES.includes(key)) {
        const name = before + key;
        if (!said.has(name)) console.warn(`rxtensor has no '${name}': ${hintOf(name, key, names)}`);
        said.add(name);
      }
      return target[key as string];
    },
  });
}

export default hinting(script, '');
