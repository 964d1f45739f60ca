/** Texts of files in messages: a file may have fields, and a header, of any length. */

/** The number of characters of a field, or of a list of names, that messages show. */
const SHOWN_CHARACTERS = 100;
const SHOWN_NAMES = 20;

/** A text, shortened for a message. */
export function shown(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  return `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`;
}

/** A name in quotes. */
export function quoted(name: string): string {
  return `'${shown(name)}'`;
}

/** Some names, the first ones when there are many. */
export function listed(names: readonly string[], show: (name: string) => string = shown): string {
  const first = names.slice(0, SHOWN_NAMES).map(show).join(', ');
  return names.length <= SHOWN_NAMES ? first : `${first}, … (${names.length} in all)`;
}
