import { activeBackend } from '../kernels';
import { tapingFrame } from '../tensor/extent';
import type { Recording } from './recording';
import type { Replay } from './replay';
import type { Signature } from './signature';

/** What is known of the calls with one signature. */
export interface Entry {
  /** Whether no call with this signature came before. */
  isNew: boolean;
  /** The latest recording, until another has confirmed it. */
  recording: Recording | null;
  replay: Replay | null;
  /** Why it cannot be recorded. */
  refusal: string | null;
  /** The number of recordings that differed from the one before, or left something behind. */
  attempts: number;
  /** Whether gradients flow through its result, so that each call has to be taped. */
  isTaped: boolean;
  /** The number of replays in debug mode. */
  checked: number;
}

/** Whose gradients are wanted. */
function gradientsWanted(): 'none' | 'arguments' | 'all' {
  const taping = tapingFrame();
  return taping === null ? 'none' : taping.variablesSince === Infinity ? 'arguments' : 'all';
}

/** The key of an entry: a program fits one backend, and one answer to whose gradients are wanted. */
export function keyOf({ key }: Signature): string {
  return `${activeBackend().name};${gradientsWanted()};${key}`;
}

/** Gives the entry of a signature, and drops those that were used least recently. It makes no text for a signature that comes again. */
export function keeperOf(entries: Map<string, Entry>, most: number): (signature: Signature) => Entry {
  let latest: { key: string; backend: string; gradients: string; entry: Entry } | null = null;
  return (signature) => {
    const { key } = signature;
    const backend = activeBackend().name;
    const gradients = gradientsWanted();
    const isSame = latest?.key === key && latest.backend === backend && latest.gradients === gradients;
    // Without entries they have been disposed.
    if (!isSame || entries.size === 0)
      latest = { key, backend, gradients, entry: entryOf(entries, most, keyOf(signature)) };
    return latest!.entry;
  };
}

/** The entry of a key, as the one that was used latest. */
function entryOf(entries: Map<string, Entry>, most: number, key: string): Entry {
  const entry = entries.get(key) ?? newEntry();
  entries.delete(key);
  entries.set(key, entry);
  for (const [oldest, { replay }] of entries) {
    if (entries.size <= most) break;
    replay?.release();
    entries.delete(oldest);
  }
  return entry;
}

function newEntry(): Entry {
  const nothing = { recording: null, replay: null, refusal: null };
  return { ...nothing, isNew: true, attempts: 0, isTaped: false, checked: 0 };
}
