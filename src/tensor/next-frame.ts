/** Resolves at the next animation frame of the page; outside of a page, in the next turn of the event loop. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestAnimationFrame === 'function') requestAnimationFrame(() => resolve());
    else setTimeout(resolve);
  });
}
