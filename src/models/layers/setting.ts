/** The settings of layers: what a program gives in camelCase, and Keras's JSON in snake_case. */
import { described } from '../../tensor/argument';
import { nearest } from '../../tensor/options';
import { getOwn } from '../../tensor/own-property';

/** How a setting is read, from a program or from a file. A program gives `Given`, the layer works with `Value`. */
export interface Setting<Given, Value = Given> {
  /** Undefined for a value that does not fit. */
  readonly read: (given: unknown) => Value | undefined;
  readonly wanted: string;
  /** What a file says for a value; the value itself if left out. */
  readonly written?: (value: Value) => unknown;
  /** For types alone. */
  readonly given?: Given;
}

/** A setting with a default. */
export interface OptionalSetting<Given, Value = Given> extends Setting<Given, Value> {
  readonly otherwise: Value;
}

/** Any setting. */
interface AnySetting {
  readonly read: (given: unknown) => unknown;
  readonly wanted: string;
  readonly written?: (value: never) => unknown;
}

export type Settings = Readonly<Record<string, AnySetting>>;

/** What a layer with these settings works with. */
export type Values<S> = { readonly [K in keyof S]: S[K] extends Setting<infer _, infer V> ? V : never };

type OptionalKeys<S> = {
  [K in keyof S]: S[K] extends { readonly otherwise: unknown } ? K : never;
}[keyof S];
type GivenOf<S> = S extends Setting<infer G, infer _> ? G : never;

/** Settings and more of them. Bundlers drop a call of this, but not a spread, when nothing uses it. */
/* @__NO_SIDE_EFFECTS__ */
export const joined = <A extends Settings, B extends Settings>(a: A, b: B): A & B => ({ ...a, ...b });

/** What a program gives for these settings. */
export type Given<S> = { readonly [K in Exclude<keyof S, OptionalKeys<S>>]: GivenOf<S[K]> } & {
  readonly [K in OptionalKeys<S>]?: GivenOf<S[K]> | null | undefined;
};

/** Gives a setting a default. null is one that no program gives. */
/* @__NO_SIDE_EFFECTS__ */
export function or<G, V>(setting: Setting<G, V>, otherwise: NoInfer<V>): OptionalSetting<G, V>;
/* @__NO_SIDE_EFFECTS__ */
export function or<G, V>(setting: Setting<G, V>, otherwise: null): OptionalSetting<G, V | null>;
/* @__NO_SIDE_EFFECTS__ */
export function or<G, V>(
  { read, wanted, written }: Setting<G, V>,
  otherwise: V | null,
): OptionalSetting<G, V | null> {
  return {
    read,
    wanted,
    otherwise,
    ...(written && { written: (value: V | null) => (value === null ? null : written(value)) }),
  };
}

/* @__NO_SIDE_EFFECTS__ */
const setting = <G, V>(wanted: string, read: Setting<G, V>['read']): Setting<G, V> => ({ wanted, read });

/** The value itself if it fits. */
/* @__NO_SIDE_EFFECTS__ */
const fitting = <T>(wanted: string, fits: (given: unknown) => boolean): Setting<T, T> =>
  setting(wanted, (given) => (fits(given) ? (given as T) : undefined));

const isWhole = (given: unknown, least: number): given is number =>
  Number.isSafeInteger(given) && (given as number) >= least;

export const number = fitting<number>('a finite number', (given) => Number.isFinite(given));
export const share = fitting<number>(
  'a number from 0, less than 1',
  (given) => typeof given === 'number' && given >= 0 && given < 1,
);
export const flag = fitting<boolean>('true or false', (given) => typeof given === 'boolean');
export const count = fitting<number>('a positive integer', (given) => isWhole(given, 1));
export const integer = fitting<number>('an integer', (given) => Number.isSafeInteger(given));
export const seed = number;

/** Whole numbers, in a list. */
/* @__NO_SIDE_EFFECTS__ */
export const integers = (least: number, wanted: string): Setting<readonly number[]> =>
  fitting(wanted, (given) => Array.isArray(given) && given.every((each) => isWhole(each, least)));

/* @__NO_SIDE_EFFECTS__ */
export const oneOf = <const T extends string>(...values: readonly T[]): Setting<T> =>
  fitting(values.map((value) => described(value)).join(' or '), (given) => values.includes(given as T));

/** The only value that is supported. Files have others, which must not be overlooked. */
/* @__NO_SIDE_EFFECTS__ */
export const only = <const T extends string | number | boolean | null>(value: T): OptionalSetting<T> =>
  or(
    fitting<T>(described(value), (given) => given === value),
    value,
  );

export type Pair = readonly [number, number];

/** A number for height and width, or one of each. */
export const pair: Setting<number | Pair, Pair> = setting('a positive integer, or two of them', (given) => {
  const two: unknown = typeof given === 'number' ? [given, given] : given;
  const isPair = Array.isArray(two) && two.length === 2 && two.every((each) => isWhole(each, 1));
  return isPair ? (two as unknown as Pair) : undefined;
});

/** One number, which Keras writes as a list. */
export const single: Setting<number | readonly [number], readonly [number]> = setting(
  'a positive integer',
  (given) => {
    const one: unknown = typeof given === 'number' ? [given] : given;
    const fits = Array.isArray(one) && one.length === 1 && isWhole(one[0], 1);
    return fits ? (one as unknown as readonly [number]) : undefined;
  },
);

/** Axes, which Keras writes as a number or a list. */
export const axes: Setting<number | readonly number[], readonly number[]> = {
  ...setting('an axis, or a list of them', (given) => {
    const list: unknown = typeof given === 'number' ? [given] : given;
    const fits = Array.isArray(list) && list.length > 0 && list.every((each) => Number.isSafeInteger(each));
    return fits ? (list as readonly number[]) : undefined;
  }),
  written: (list) => (list.length === 1 ? list[0] : list),
};

/** What is added to or cut from the ends of an axis: one number for both, or two. */
export const ends: Setting<number | Pair, Pair> = setting('a whole number, or two of them', (given) => {
  const two: unknown = typeof given === 'number' ? [given, given] : given;
  const fits = Array.isArray(two) && two.length === 2 && two.every((each) => isWhole(each, 0));
  return fits ? (two as unknown as Pair) : undefined;
});

/** The same for height and width: one number, one for each, or two for each. */
export const borders: Setting<number | Pair | readonly [Pair, Pair], readonly [Pair, Pair]> = setting(
  'a whole number, two of them, or two pairs',
  (given) => {
    const two: unknown = typeof given === 'number' ? [given, given] : given;
    if (!Array.isArray(two) || two.length !== 2) return undefined;
    const [height, width] = two.map(ends.read);
    return height && width ? ([height, width] as const) : undefined;
  },
);

/** The name in JSON: `useBias` is `use_bias`. */
export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The values of settings.
 *
 * @param keyOf how the source names a setting
 * @throws for a value that does not fit, or is missing; null and undefined stand for the default
 */
export function readSettings<S extends Settings>(
  where: string,
  settings: S,
  given: Readonly<Record<string, unknown>>,
  keyOf: (name: string) => string = (name) => name,
): Values<S> {
  const read = Object.entries(settings).map(([name, setting]) => {
    const key = keyOf(name);
    const value = getOwn(given, key) ?? undefined;
    if (value === undefined && 'otherwise' in setting) return [name, setting.otherwise];
    const found = value === undefined ? undefined : setting.read(value);
    if (found !== undefined) return [name, found];
    throw new Error(`${where}: '${key}' is ${described(value)}; wanted ${setting.wanted}`);
  });
  return Object.fromEntries(read) as Values<S>;
}

/** @throws for an option that is no setting, naming the nearest */
export function assertKnown(where: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new Error(`${where}: there is no option '${unknown}'; ${nearest(unknown, known)}`);
}

/** The settings as JSON has them. */
export function writtenSettings(
  settings: Settings,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { written }]) => [
      snakeCase(name),
      written ? written(values[name] as never) : values[name],
    ]),
  );
}
