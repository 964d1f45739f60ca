import { distinctUntilChanged, fromEvent, map, merge, shareReplay, startWith, type Observable } from 'rxjs';

export type Theme = 'light' | 'dark';

const storageKey = 'rxtensor-theme';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

function chosen(): Theme | null {
  const stored = localStorage.getItem(storageKey);
  return stored === 'light' || stored === 'dark' ? stored : null;
}

function current(): Theme {
  return chosen() ?? (systemIsDark.matches ? 'dark' : 'light');
}

/**
 * The theme of the page: the system's, until the reader presses the switch. Choosing the system's theme forgets the choice, so that
 * the page follows the system again.
 */
export function themeOf(toggle: HTMLButtonElement): Observable<Theme> {
  const toggled$ = fromEvent(toggle, 'click').pipe(
    map(() => {
      const next = current() === 'dark' ? 'light' : 'dark';
      if ((next === 'dark') === systemIsDark.matches) localStorage.removeItem(storageKey);
      else localStorage.setItem(storageKey, next);
    }),
  );
  return merge(toggled$, fromEvent(systemIsDark, 'change')).pipe(
    startWith(undefined),
    map(current),
    distinctUntilChanged(),
    shareReplay({ bufferSize: 1, refCount: true }),
  );
}

/** Shows a theme: the colours come from `tokens.css`; the switch names the other theme. */
export function applyTheme(theme: Theme, toggle: HTMLButtonElement): void {
  document.documentElement.dataset.theme = theme;
  toggle.setAttribute('aria-label', theme === 'dark' ? 'Use light colours' : 'Use dark colours');
}
