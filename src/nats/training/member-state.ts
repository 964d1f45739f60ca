/** How a member stands to its run: whether it is in the view, and whether its variables are those of the run. */
export type MemberState =
  /** It has never had the state of the run, and is not in the view. */
  | 'outside'
  /** It is in the view of a run that has not begun without it: its variables may become those of the run. */
  | 'founder'
  /** It is in the view of a run that others had begun: nothing of its own can be the state of the run. */
  | 'newcomer'
  /** It is in the view, at one step with the others, and has the state of the run. */
  | 'settled'
  /** It had the state of the run, and was left out since, or has left. */
  | 'left out'
  /** It is in the view again, with the state of an earlier step. */
  | 'returned';

export type MemberEvent =
  /** It was written into the view of a run that nobody else has begun. */
  | 'joined'
  /** It was written into the view of a run that others had begun. */
  | 'joined late'
  /** All members have agreed on a step, and it has taken over the state if it had to. */
  | 'settled'
  /** It is in the view no more. */
  | 'left'
  /** It has taken over the state of the end: all others have finished. */
  | 'given the end';

const transitions: Readonly<Record<MemberState, Partial<Record<MemberEvent, MemberState>>>> = {
  outside: { joined: 'founder', 'joined late': 'newcomer', left: 'outside', 'given the end': 'left out' },
  founder: { settled: 'settled', left: 'outside' },
  // One that never had the state has nothing to come back with.
  newcomer: { settled: 'settled', left: 'outside' },
  settled: { settled: 'settled', left: 'left out' },
  'left out': {
    joined: 'returned',
    'joined late': 'returned',
    left: 'left out',
    'given the end': 'left out',
  },
  returned: { settled: 'settled', left: 'left out' },
};

/** The state after an event. @throws when that cannot happen */
export function stateAfter(state: MemberState, event: MemberEvent): MemberState {
  const next = transitions[state][event];
  if (next) return next;
  throw new Error(`${event} when ${state}`);
}

/** Whether the member is in the view. */
export const isInView = (state: MemberState): boolean => state !== 'outside' && state !== 'left out';

/** Whether the member has, or had, the state of the run: it may go on from there when nobody else is left. */
export const hasHadState = (state: MemberState): boolean =>
  state === 'settled' || state === 'returned' || state === 'left out';
