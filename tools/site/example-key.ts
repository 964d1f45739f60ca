import { createHash } from 'node:crypto';

/** By what an example is found again in a page: its code, without the spaces at the ends of lines. */
export function keyOf(code: string): string {
  const text = code
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
