// The page in which an example runs: `?example=NAME&theme=dark`. It is a page of its own, so that an example has a document, a library and
// memory for itself, and all of it goes when the frame is removed.
import { inspect } from 'loupe';
import { LEVELS, type FrameMessage } from './messages';

const parameters = new URLSearchParams(location.search);
document.documentElement.dataset.theme = parameters.get('theme') ?? 'light';

function tell(message: FrameMessage): void {
  parent.postMessage(message, location.origin);
}

/** A value as a line of the output shows it. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return String(value);
  return inspect(value, { depth: 5, truncate: 2000 });
}

for (const level of LEVELS) {
  const console_ = console;
  const say = console_[level].bind(console_);
  console_[level] = (...values: unknown[]) => {
    tell({ kind: 'line', level, text: values.map(shown).join(' ') });
    say(...values);
  };
}

addEventListener('error', ({ message }) => tell({ kind: 'line', level: 'error', text: message }));
addEventListener('unhandledrejection', ({ reason }) =>
  tell({ kind: 'line', level: 'error', text: shown(reason) }),
);
new ResizeObserver(() => tell({ kind: 'height', height: document.documentElement.scrollHeight })).observe(
  document.body,
);

const example = parameters.get('example') ?? '';
// A name only: an address must not make this page run a script of elsewhere.
if (!/^[\w-]+$/.test(example)) throw new Error(`there is no example '${example}'`);
await import(new URL(`examples/${example}.js`, location.href).href);
tell({ kind: 'evaluated' });
