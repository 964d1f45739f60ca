import type { KnownView } from './known-view';
import { usualPatience } from './patience';
import type { Post } from './post';
import { Questions } from './questions';
import { sleep } from './signal';

describe('The questions of a member', () => {
  it('do not take silence for absence while there is no server, at the end too', async () => {
    const others = [{ name: 'b', life: 2, arithmetic: '' }];
    const view = { life: 1, epoch: 0, others, members: others } as unknown as KnownView;
    const post = { ask: () => Promise.resolve({ kind: 'silence' }) } as unknown as Post;
    const questions = new Questions({ ...usualPatience, hang: 1 }, post, view, {
      ...{ needsState: () => false, isOver: () => false, noteNewer: () => undefined },
      wait: sleep,
    });
    const areNeeded = async (): Promise<boolean[]> => {
      const first = await questions.isAnyoneBehind(5);
      await sleep(5);
      return [first, await questions.isAnyoneBehind(5)];
    };
    questions.noteConnected(false);
    expect(await areNeeded()).toEqual([true, true]);
    questions.isConnected = true;
    expect(await areNeeded()).toEqual([true, false]);
  });
});
