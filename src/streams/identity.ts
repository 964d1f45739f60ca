let thread = '';
let count = 0;

/** A name that nothing else has, in this thread or in another one. */
export function newIdentity(): string {
  thread ||= Math.random().toString(36).slice(2) + performance.timeOrigin.toString(36);
  return `${thread}:${count++}`;
}
