/** Finds the part of a value that cannot be posted to a worker, and its path for messages: `value.batch.xs[0]`. */
import type { Side } from './side';

interface Found {
  readonly path: string;
  readonly value: unknown;
  /** The object that has the value as a property. */
  readonly parent: unknown;
}

function step(path: string, parent: object, key: string): string {
  if (Array.isArray(parent)) return `${path}[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** Searches `root` depth first, tensors left out, and returns the first match, or null. */
function find(
  { isTensor }: Tensors,
  root: Found,
  isWanted: (value: unknown) => boolean,
  seen = new Set<unknown>(),
): Found | null {
  if (isWanted(root.value)) return root;
  const { path, value } = root;
  if (
    typeof value !== 'object' ||
    value === null ||
    isTensor(value) ||
    ArrayBuffer.isView(value) ||
    seen.has(value)
  )
    return null;
  seen.add(value);
  for (const [key, part] of Object.entries(value)) {
    const found = find(
      { isTensor },
      { path: step(path, value, key), value: part, parent: value },
      isWanted,
      seen,
    );
    if (found) return found;
  }
  return null;
}

type Tensors = Pick<Side, 'isTensor'>;

const rooted = (value: unknown): Found => ({ path: 'value', value, parent: null });

/** Returns the path to a leaf of `container`, for messages. */
export function pathOf(side: Tensors, container: unknown, leaf: unknown): string {
  return find(side, rooted(container), (value) => value === leaf)?.path ?? 'value';
}

function canClone(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/** True for a tensor, and for a value that cannot be cloned although all its parts can. */
function isCulprit({ isTensor }: Tensors, value: unknown): boolean {
  if (isTensor(value)) return true;
  if (canClone(value)) return false;
  return typeof value !== 'object' || value === null || Object.values(value).every(canClone);
}

/** Makes the error for a value that cannot be posted. The message names the part that cannot be cloned, and its path. */
export function cannotClone(sender: string, side: Tensors, container: unknown, cause: unknown): Error {
  const root = rooted(container);
  const { path, value, parent } = find(side, root, (each) => isCulprit(side, each)) ?? root;
  return new Error(
    `${sender}: '${path}' is ${described(side, value, parent)}; wanted tensors, and what a structured clone takes (numbers, text, arrays, ` +
      'plain objects, dates, maps, blobs, …)',
    { cause },
  );
}

function described({ isTensor }: Tensors, value: unknown, parent: unknown): string {
  if (isTensor(value)) {
    return `a tensor inside of ${nameOf(parent)}, where tensors are not looked for (only in plain objects and arrays)`;
  }
  if (typeof value === 'object' && value !== null) return `${nameOf(value)}, which cannot be cloned`;
  return `a ${typeof value}, which cannot be cloned`;
}

function nameOf(value: unknown): string {
  const name = (value as object).constructor?.name;
  return name ? `an instance of ${name}` : 'an object';
}
