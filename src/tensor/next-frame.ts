/**
 * Resolves at the next animation frame of the page; outside of a page, in the next turn of the event loop.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * for (let step = 0; step < 3; step++) await dl.nextFrame(); // lets the page draw between steps
 * console.log('three frames later');
 * ```
 */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestAnimationFrame === 'function') requestAnimationFrame(() => resolve());
    else setTimeout(resolve);
  });
}
