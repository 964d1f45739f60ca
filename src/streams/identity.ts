let thread = '';
let count = 0;

/** A new name, unique also among threads. */
export function newIdentity(): string {
  thread ||= Math.random().toString(36).slice(2) + performance.timeOrigin.toString(36);
  return `${thread}:${count++}`;
}
