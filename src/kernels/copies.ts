/**
 * A program may load the library twice: in two versions, or from two paths of a bundler. The copies share nothing, so that an op of one
 * rejects the tensors of the other. Each copy marks what it makes, so that error messages can name the cause.
 */
const REGISTRY = Symbol.for('rxtensor.copies');
const MARK = Symbol.for('rxtensor.copy');

/** One object for all copies in this realm. */
const copies = ((globalThis as { [REGISTRY]?: { count: number } })[REGISTRY] ??= { count: 0 });
/** The number of this copy; 0 while it has marked nothing: what makes no tensors (`rxtensor/page`) is no copy. */
let own = 0;

/** Marks all instances of a class as made by this copy. */
export function markOwn({ prototype }: { readonly prototype: object }): void {
  own ||= ++copies.count;
  Object.defineProperty(prototype, MARK, { value: own });
}

/** Whether it is an instance of a class that a copy of the library has marked. */
export function isMarked(value: object): value is { readonly [MARK]: number } {
  return MARK in value;
}

/** Whether the program has loaded the library more than once. */
export function hasOtherCopies(): boolean {
  return copies.count > 1;
}

/** Whether another copy of the library made `value`. */
export function isOfAnotherCopy(value: object): boolean {
  return isMarked(value) && value[MARK] !== own;
}

/** The cause and its cure, for error messages. */
export function whyCopies(): string {
  return (
    `${copies.count} copies of rxtensor are loaded, which do not know each other's tensors: install one version, as ` +
    '`npm dedupe` does, and import it by one path'
  );
}

/** The end of an error message that several copies may explain; '' where only one is loaded. */
export function perhapsCopies(): string {
  return hasOtherCopies() ? `. (${whyCopies()})` : '';
}
