import { encodePiece, type PieceHeader } from './messages';
import { Rounds } from './rounds';

describe('The exchanges of a member', () => {
  const header: PieceHeader = {
    ...{ kind: 'part', layout: 1, life: 2, epoch: 1, step: 0, bucket: 0 },
    ...{ elements: 10, weight: 1 },
  };

  /** Those of the first of three members, at step 0. */
  const roundsOfThree = (): Rounds => {
    const rounds = new Rounds('a', { segments: [], text: '', hash: 1 }, () => 1 << 20, {
      send: () => undefined,
      noteNewer: () => undefined,
      wake: () => undefined,
    });
    const members = ['a', 'b', 'c'].map((name, i) => ({ name, life: i + 1, arithmetic: '' }));
    rounds.adopt({ version: 1, epoch: 1, layout: 1, isBegun: true, members, why: '' }, 1);
    rounds.settle();
    return rounds;
  };

  it('miss a member that sends what is refused, as one that sends nothing', () => {
    const rounds = roundsOfThree();
    const round = rounds.begin(new Float32Array(30), 1);
    const missed = (): string[] => rounds.missing(round, 1000).map(({ name }) => name);
    expect(missed()).toEqual(['b', 'c']);
    const damaged = encodePiece(header, new Float32Array(10));
    damaged[50]! ^= 1;
    for (const wrong of [encodePiece({ ...header, elements: 9 }, new Float32Array(9)), damaged]) {
      expect(() => rounds.receive(wrong, 'b')).toThrowError(/elements of bucket|is damaged/);
      expect(missed()).toEqual(['b', 'c']);
    }
    // What it still lacks of others is on the way.
    rounds.receive(encodePiece(header, new Float32Array(10)), 'b');
    expect(missed()).toEqual(['c']);
  });

  it('do not promise a sum that waits for the part of a third member', () => {
    const rounds = roundsOfThree();
    rounds.begin(new Float32Array(30), 1);
    const promises = (): boolean => rounds.sendAgain(0, 'b', [], [0]);
    rounds.receive(encodePiece(header, new Float32Array(10)), 'b');
    expect([promises(), rounds.sendAgain(0, 'b', [1], [])]).toEqual([false, true]);
    rounds.receive(encodePiece({ ...header, life: 3 }, new Float32Array(10)), 'c');
    expect(promises()).toBeTrue();
  });
});
