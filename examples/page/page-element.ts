/**
 * The element of the page with this id.
 *
 * @throws when it is missing or of another kind, so that a mistake in the HTML shows at once
 */
export function element<T extends Element>(id: string, kind: abstract new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no <${kind.name}> with the id '${id}'`);
}

/** Sets a text if it differs, so that screen readers announce changes only. */
export function setText(id: string, text: string): void {
  const target = element(id, HTMLElement);
  if (target.textContent !== text) target.textContent = text;
}
