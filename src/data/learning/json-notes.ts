/** What JSON does not keep of rows: which of their numbers are int32 (a row notes it: number-types.ts), NaN, and infinities. */
import { isPlainObject } from '../../tensor/container';
import { numberTypesOf, withNumberTypes } from '../../tensor/number-types';

/** An object in a value, by the keys that lead to it, with what some of its numbers are: int32, or the text of one that is not finite. */
type Note = readonly [path: readonly string[], numbers: Readonly<Record<string, string>>];

/** Values with the same notes, by their places. */
interface Notes {
  readonly objects: readonly Note[];
  readonly places: number[];
}

/** The notes of values, for JSON. */
export function notesOf(values: readonly unknown[]): readonly Notes[] {
  const kinds = new Map<string, Notes>();
  values.forEach((value, place) => {
    const objects = notesWithin(value, []);
    if (objects.length === 0) return;
    const key = JSON.stringify(objects);
    const kind = kinds.get(key) ?? { objects, places: [] };
    kinds.set(key, kind);
    kind.places.push(place);
  });
  return [...kinds.values()];
}

function notesWithin(value: unknown, path: readonly string[]): readonly Note[] {
  if (!isContainer(value)) return [];
  const numbers = new Map<string, string>();
  for (const [name, type] of numberTypesOf(value) ?? []) if (type === 'int32') numbers.set(name, type);
  for (const [name, each] of Object.entries(value))
    if (typeof each === 'number' && !Number.isFinite(each)) numbers.set(name, String(each));
  const within = Object.entries(value).flatMap(([name, each]) => notesWithin(each, [...path, name]));
  return numbers.size > 0 ? [[path, Object.fromEntries(numbers)], ...within] : within;
}

/** Makes values that come from JSON what they were. Returns false where the notes are something else. */
export function takeNotes(values: readonly unknown[], notes: unknown): boolean {
  if (!Array.isArray(notes)) return false;
  return (notes as readonly Partial<Notes>[]).every(
    (kind) =>
      Array.isArray(kind?.objects) &&
      Array.isArray(kind.places) &&
      (kind.objects as readonly Partial<Note>[]).every(
        ([path, numbers]) =>
          Array.isArray(path) &&
          isPlainObject(numbers) &&
          kind.places!.every((place) =>
            takeNote(objectAt(values[place], path as readonly string[]), numbers),
          ),
      ),
  );
}

function objectAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (outer, key) => (isContainer(outer) && Object.hasOwn(outer, key) ? outer[key] : null),
    value,
  );
}

function takeNote(object: unknown, numbers: Readonly<Record<string, unknown>>): boolean {
  if (!isContainer(object)) return false;
  const integers = new Map<string, 'int32'>();
  for (const [name, what] of Object.entries(numbers)) {
    if (what === 'int32') integers.set(name, what);
    else if (Object.hasOwn(object, name)) object[name] = Number(what);
  }
  if (integers.size > 0) withNumberTypes(object, integers);
  return true;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return Array.isArray(value) || isPlainObject(value);
}
