import { jetstream } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import {
  expected,
  fields,
  integer,
  list,
  oneOf,
  optional,
  text,
  type ExpectedOf,
} from '../../streams/checks/schema';
import { ANSWER_MS } from '../patient';
import { isName } from './subjects';

/** A member, as the view lists it. */
export interface Member {
  readonly name: string;
  /** Drawn when it joined: a member that was taken for dead and comes again has another. */
  readonly life: number;
  /** The backend and the kind of its kernels. Members with the same one compute the same bits. */
  readonly arithmetic: string;
}

/** Who trains together. Its epoch grows with each change, and fences members that have missed one. */
export interface View {
  readonly version: number;
  readonly epoch: number;
  /** The CRC-32 of the layout. */
  readonly layout: number;
  /** Whether there have been enough members to begin. */
  readonly isBegun: boolean;
  readonly members: readonly Member[];
  /** Why the view was changed, for people. */
  readonly why: string;
  /** Whether members were left out: one of them may come back, and then needs the state of the others. */
  readonly isMissed?: boolean;
  /** How many steps had been taken when a member finished last; left out before one has. */
  readonly finished?: number;
  /** The name of the state of the end in the object store, which the last member to finish keeps for those that are missed; left out where it keeps none. */
  readonly kept?: string;
}

/** The next view, without some members. @param why for people */
export function viewWithout(
  view: View,
  isGone: (member: Member) => boolean,
  why: string,
): Omit<View, 'version'> {
  const members = view.members.filter((each) => !isGone(each));
  return { ...view, epoch: view.epoch + 1, members, why };
}

const VERSION = 1;
const WORD = 2 ** 32 - 1;

const schema = fields({
  version: oneOf([VERSION]),
  epoch: integer(0, WORD),
  layout: integer(0, WORD),
  isBegun: oneOf([true, false]),
  members: list(
    fields({
      name: expected('a name', isName),
      life: integer(0, WORD),
      arithmetic: text,
    } satisfies ExpectedOf<Member>),
  ),
  why: text,
  isMissed: optional(oneOf([true, false])),
  finished: optional(integer(0, WORD)),
  kept: optional(text),
} satisfies ExpectedOf<View>);

/** A view, and where it stands among its changes. */
export interface StoredView {
  readonly view: View;
  readonly revision: number;
}

/** The view of a run in the key-value store, which changes it by compare-and-set: of two members that want to, one succeeds, and the other looks again. */
export interface ViewStore {
  /** Null when there is none yet. @throws when the store cannot be reached, or holds something else */
  readonly read: () => Promise<StoredView | null>;
  /** Replaces the view unless it has changed since `before`. Returns whether it did. */
  readonly replace: (view: Omit<View, 'version'>, before: StoredView | null) => Promise<boolean>;
  /** The text of the layout with that hash, for messages; null where nobody has written it. */
  readonly layout: (hash: number) => Promise<string | null>;
  readonly writeLayout: (hash: number, text: string) => Promise<void>;
}

const KEY = 'view';

/**
 * The store of a run. It is made when it does not exist yet. It is read by messages of the API and not directly: a direct answer is what a member has written, and could be sent
 * to any subject, as if it came from another.
 */
export async function viewStore(connection: NatsConnection, bucket: string): Promise<ViewStore> {
  const store: KV = await new Kvm(jetstream(connection, { timeout: ANSWER_MS })).create(bucket, {
    history: 1,
    allow_direct: false,
  });
  return {
    read: async () => {
      const entry = await store.get(KEY);
      if (entry?.operation !== 'PUT') return null;
      return { view: viewIn(entry.string(), bucket), revision: entry.revision };
    },
    replace: async (view, before) => {
      const value = JSON.stringify({ ...view, version: VERSION });
      try {
        await (before ? store.update(KEY, value, before.revision) : store.create(KEY, value));
        return true;
      } catch (error) {
        if (isConflict(error)) return false;
        throw error;
      }
    },
    layout: async (hash) => {
      const entry = await store.get(`layout-${hash}`);
      return entry?.operation === 'PUT' ? entry.string() : null;
    },
    writeLayout: async (hash, layout) => {
      await store.put(`layout-${hash}`, layout);
    },
  };
}

/** @throws unless the text is a view */
function viewIn(json: string, bucket: string): View {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = json;
  }
  const fault = schema(value, '');
  if (!fault) return value as View;
  throw new Error(
    `dataParallel: the view in the bucket '${bucket}' is not right: '${fault.field}' is ${fault.found}; wanted ${fault.wanted}`,
  );
}

/** Whether the server refused a write because the key had changed: error 10071, "wrong last sequence". */
function isConflict(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  return code === 10071 || /wrong last sequence|key exists/i.test(message ?? '');
}
