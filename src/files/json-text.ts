/**
 * The text of a field of an object, as it stands in valid JSON: `JSON.parse` rounds numbers to float64, and forgets how they were written. Of fields with the same name it is the
 * last, as for `JSON.parse`.
 */
export function textOfField(json: string, field: string): string {
  let found = '';
  let key = '';
  let depth = 0;
  /** Where the value of the field begins; -1 before its colon. */
  let from = -1;
  for (let at = 0; at < json.length; at++) {
    const character = json[at]!;
    if (character === '"') {
      const start = at;
      at = endOfString(json, at);
      if (depth === 1 && from < 0) key = JSON.parse(json.slice(start, at + 1)) as string;
    } else if (character === ':') {
      if (depth === 1) from = at + 1;
    } else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    const isOver = depth === 0 ? character === '}' : depth === 1 && character === ',';
    if (!isOver) continue;
    if (key === field) found = json.slice(from, at).trim();
    from = -1;
  }
  return found;
}

/** The place of the quote that ends the string that begins at `at`. */
function endOfString(json: string, at: number): number {
  let end = at + 1;
  while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
  return end;
}
