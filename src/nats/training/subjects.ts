/** What members tell each other, each on a subject of its own. */
export type SubjectKind = 'part' | 'sum' | 'ask' | 'state' | 'view';

/** In place of a receiver's name: all members. */
export const ALL = 'all';

/**
 * The subject of a message. The receiver's name is the last but one part and the sender's the last, so that a server can permit a member to publish only what
 * ends in its name, and to receive only what is for it and for all.
 */
export function subjectOf(run: string, kind: SubjectKind, receiver: string, sender: string): string {
  return `rx.${run}.${kind}.${receiver}.${sender}`;
}

/** The sender's name in a subject. */
export function senderIn(subject: string): string {
  return subject.slice(subject.lastIndexOf('.') + 1);
}

/** Whether a name may be a part of subjects and of the names of buckets. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) && value !== ALL;
}
