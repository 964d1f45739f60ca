interface NodeProcess {
  on?: (event: 'beforeExit', listener: () => void) => unknown;
  off?: (event: 'beforeExit', listener: () => void) => unknown;
}

const waiting = new Set<() => void>();

function tellAll(): void {
  for (const each of [...waiting]) each();
}

/**
 * Calls `tell` when the event loop of Node has nothing left to do, so that what still waits would wait for ever, and the process end without
 * a word. A page's event loop never tells.
 *
 * @returns what calls it off
 */
export function whenNothingIsLeft(tell: () => void): () => void {
  const { process } = globalThis as { process?: NodeProcess };
  if (!process?.on || !process.off) return () => undefined;
  if (waiting.size === 0) process.on('beforeExit', tellAll);
  waiting.add(tell);
  return () => {
    waiting.delete(tell);
    if (waiting.size === 0) process.off?.('beforeExit', tellAll);
  };
}
