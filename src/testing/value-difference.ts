/** Where two values differ, with numbers compared by a tolerance: what marble tests see of tensors, once they have been read. */
import { isPlainObject } from '../tensor/container';
import { isClose } from './tolerance';

/** Where in a value, and what is there. */
export interface ValueDifference {
  /** As one would write it after the value's name: `.loss[2]`. Empty for the value itself. */
  readonly path: string;
  readonly found: unknown;
  readonly wanted: unknown;
}

/**
 * The first place where two values differ, or null. A typed array is taken for the array of its numbers, and errors are the same when
 * their messages are.
 */
export function valueDifference(
  found: unknown,
  wanted: unknown,
  tolerance: number,
  path = '',
): ValueDifference | null {
  if (isSameLeaf(found, wanted, tolerance)) return null;
  const parts = partsOf(found, wanted);
  if (!parts) return { path, found, wanted };
  for (const { name, foundPart, wantedPart } of parts) {
    const difference = valueDifference(foundPart, wantedPart, tolerance, path + name);
    if (difference) return difference;
  }
  return null;
}

function isSameLeaf(found: unknown, wanted: unknown, tolerance: number): boolean {
  if (Object.is(found, wanted)) return true;
  if (typeof found === 'number' && typeof wanted === 'number') return isClose(found, wanted, tolerance);
  return found instanceof Error && wanted instanceof Error && found.message === wanted.message;
}

interface PartPair {
  readonly name: string;
  readonly foundPart: unknown;
  readonly wantedPart: unknown;
}

/** What two values of one structure consist of, or null where they have nothing to be compared by. */
function partsOf(found: unknown, wanted: unknown): PartPair[] | null {
  const foundItems = itemsOf(found);
  const wantedItems = itemsOf(wanted);
  if (foundItems || wantedItems) {
    if (foundItems?.length !== wantedItems?.length) return null;
    return foundItems!.map((foundPart, i) => ({ name: `[${i}]`, foundPart, wantedPart: wantedItems![i] }));
  }
  if (!hasProperties(found) || !hasProperties(wanted)) return null;
  const keys = Object.keys(wanted);
  if (Object.keys(found).sort().join() !== [...keys].sort().join()) return null;
  return keys.map((key) => ({ name: `.${key}`, foundPart: found[key], wantedPart: wanted[key] }));
}

function itemsOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value as readonly unknown[];
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as unknown as ArrayLike<unknown>)
    : null;
}

/** Plain objects, and instances of classes that consist of their properties: not maps, dates and the like. */
function hasProperties(value: unknown): value is Record<string, unknown> {
  if (isPlainObject(value)) return true;
  if (typeof value !== 'object' || value === null || value instanceof Error) return false;
  return Object.keys(value).length > 0;
}

const LONGEST = 300;

/** A value as a reader would write it, cut where it is too long. */
export function formatValue(value: unknown): string {
  const text = written(value, new Set());
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}

function written(value: unknown, above: ReadonlySet<unknown>): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (above.has(value)) return '(itself)';
  const below = new Set(above).add(value);
  const items = itemsOf(value);
  if (items) return `[${items.map((item) => written(item, below)).join(', ')}]`;
  if (!hasProperties(value)) return String(value);
  return `{${Object.entries(value)
    .map(([key, each]) => `${key}: ${written(each, below)}`)
    .join(', ')}}`;
}
