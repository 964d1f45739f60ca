import { hasHadState, isInView, stateAfter, type MemberEvent, type MemberState } from './member-state';

/** The states of a member that is outside at first, through some events. */
const through = (...events: readonly MemberEvent[]): readonly MemberState[] => {
  let state: MemberState = 'outside';
  return events.map((event) => (state = stateAfter(state, event)));
};

describe('The state of a member', () => {
  it('is that of the run once it has settled, and of an earlier step after it was left out', () => {
    expect(through('joined', 'settled', 'settled', 'left', 'joined late', 'settled')).toEqual([
      ...(['founder', 'settled', 'settled', 'left out', 'returned', 'settled'] as const),
    ]);
    expect(through('joined late', 'settled', 'left', 'joined')).toEqual([
      ...(['newcomer', 'settled', 'left out', 'returned'] as const),
    ]);
  });

  it('is nothing to come back with when it was left out before it had the state', () => {
    expect(through('joined late', 'left', 'joined late')).toEqual(['newcomer', 'outside', 'newcomer']);
    expect(through('joined', 'left', 'joined late')).toEqual(['founder', 'outside', 'newcomer']);
    expect(through('joined', 'settled', 'left', 'joined late', 'left', 'joined').at(-1)).toBe('returned');
  });

  it('tells who is in the view, and who has had the state', () => {
    const states: readonly MemberState[] = [
      ...(['outside', 'founder', 'newcomer', 'settled', 'left out', 'returned'] as const),
    ];
    expect(states.filter(isInView)).toEqual(['founder', 'newcomer', 'settled', 'returned']);
    expect(states.filter(hasHadState)).toEqual(['settled', 'left out', 'returned']);
  });

  it('knows what cannot happen', () => {
    for (const [state, event] of [
      ['outside', 'settled'],
      ['left out', 'settled'],
      ['founder', 'joined'],
      ['newcomer', 'joined late'],
      ['settled', 'joined'],
      ['returned', 'joined'],
    ] as const)
      expect(() => stateAfter(state, event)).toThrowError(`${event} when ${state}`);
  });
});
