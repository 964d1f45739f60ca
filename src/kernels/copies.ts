/**
 * Two copies of the library in one program (of two versions, or from two paths of a bundler) share nothing: the one takes the
 * tensors of the other for strangers. Each copy marks what it makes, so that messages can name the cause.
 */
const REGISTRY = Symbol.for('rxtensor.copies');
const MARK = Symbol.for('rxtensor.copy');

/** All copies in this realm know this object. */
const copies = ((globalThis as { [REGISTRY]?: { count: number } })[REGISTRY] ??= { count: 0 });
/** Tells this copy from the others. */
const own = ++copies.count;

/** Marks what a class makes as this copy's. */
export function markOwn({ prototype }: { readonly prototype: object }): void {
  Object.defineProperty(prototype, MARK, { value: own });
}

/** Whether the program has loaded the library more than once. */
export function hasOtherCopies(): boolean {
  return copies.count > 1;
}

/** Whether another copy made it. */
export function isOfAnotherCopy(value: object): boolean {
  const mark = (value as { readonly [MARK]?: unknown })[MARK];
  return mark !== undefined && mark !== own;
}

/** What there is to be said of it, for messages. */
export function whyCopies(): string {
  return (
    `${copies.count} copies of rxtensor are loaded, which do not know each other's tensors: install one version, as ` +
    '`npm dedupe` does, and import it by one path'
  );
}

/** For messages that may have this cause; nothing where there is one copy alone. */
export function perhapsCopies(): string {
  return hasOtherCopies() ? `. (${whyCopies()})` : '';
}
