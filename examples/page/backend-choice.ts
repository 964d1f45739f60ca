/** The backend that the address asks for, as in `?backend=cpu`; null where it leaves the choice to the library. */
export function askedBackend(): string | null {
  return new URLSearchParams(location.search).get('backend');
}

/** Puts the reader's choice into the address, so that a reload, a bookmark and the other pages keep it. */
export function rememberBackend(name: string): void {
  const address = new URL(location.href);
  address.searchParams.set('backend', name);
  history.replaceState(history.state, '', address);
  carryBackend();
}

/** Makes the links to our other pages ask for the same backend. */
export function carryBackend(): void {
  const name = askedBackend();
  if (name === null) return;
  for (const link of document.links) {
    if (link.origin !== location.origin) continue;
    const address = new URL(link.href);
    address.searchParams.set('backend', name);
    link.href = address.href;
  }
}
