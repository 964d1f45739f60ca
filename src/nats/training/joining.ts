import type { Standing } from './asks';
import { differenceOf } from './layout';
import type { MembershipOptions } from './membership-options';
import type { Post } from './post';
import type { RunStores } from './run-stores';
import { sleep } from './signal';
import { askWhere } from './standings';
import { viewWithout, type Member, type StoredView } from './view';

/** Who wants to join. */
export interface Joiner extends Pick<MembershipOptions, 'run' | 'layout' | 'size' | 'patience'> {
  readonly me: Member;
  /** The step that it can give its part of next. */
  readonly step: number;
  /** The step that its own variables are of. */
  readonly ownStep: number;
  /** Whether its batches have ended: it joins only to take over the state, of `step` or a later one. */
  readonly isDone: boolean;
  /** Whether it has had the state of the run, and goes on with it if nobody else is left. */
  readonly hasHadState: boolean;
  /** Whether others may be about to connect again, so that it means nothing when nobody is there. */
  readonly mayBeAway: () => boolean;
  readonly isClosed: () => boolean;
}

/**
 * What came of it: the view with this member in it, and whether others had begun the run; or the step of the furthest member, which is past this one's; or the
 * state of the end, which the others have kept when they finished without this member.
 */
export type Joined =
  | {
      readonly kind: 'joined';
      readonly stored: StoredView;
      readonly hadBegun: boolean;
    }
  | { readonly kind: 'behind'; readonly furthest: number }
  | { readonly kind: 'finished'; readonly steps: number; readonly kept: string }
  | { readonly kind: 'closed' };

/** How often a member that waits for others looks whether they have come, in ms. */
export const LOOK_MS = 50;

/**
 * Adds a member to the view. Members that are gone are left out by that; if nobody is left, the run begins anew. A member that is ahead of the others, as
 * it may be after it was left out, waits for them.
 *
 * @throws when the others' layout differs, or one of them has the same name; and when nobody is left, and this member has skipped batches towards the
 *   others, so that to go on from its older variables would leave those batches out, or the others have finished without it and kept no state
 */
export async function joinRun(joiner: Joiner, post: Post, stores: RunStores): Promise<Joined> {
  const { run, me, layout, size, step, ownStep, isDone, hasHadState, isClosed } = joiner;
  await stores.views((views) => views.writeLayout(layout.hash, layout.text));
  while (!isClosed()) {
    const before = await stores.views((views) => views.read());
    const living = await livingOf(before?.view.members ?? [], joiner, post);
    if (living.some(({ member }) => member.name === me.name))
      throw new Error(
        `dataParallel: option 'name' is '${me.name}', the name of another member of run '${run}', or of another subscription with the same peers; wanted ` +
          'a name of its own, and dataParallel once for each stream',
      );
    const isAlone = living.length === 0;
    const { finished, kept } = before?.view ?? {};
    const wasInIt = hasHadState || step > ownStep;
    if (isAlone && wasInIt && finished !== undefined && finished > ownStep && finished >= step && kept)
      return { kind: 'finished', steps: finished, kept };
    if (isAlone && step > ownStep)
      throw stateIsLost(
        run,
        `this one has that of step ${ownStep} at the ${isDone ? 'end of its batches,' : 'batch of'} step ${step}`,
      );
    if (isAlone && hasHadState && finished !== undefined && finished > ownStep)
      throw stateIsLost(run, `they finished at step ${finished}`);
    if (!isAlone && before!.view.layout !== layout.hash) {
      const theirs = await stores.views((views) => views.layout(before!.view.layout));
      throw new Error(
        `dataParallel: run '${run}' cannot be joined: its members train otherwise` +
          (theirs === null ? '' : `: ${differenceOf(theirs, layout.text)}`),
      );
    }
    const isBegun = isAlone ? hasHadState : before!.view.isBegun;
    if (!isAlone && (isBegun || isDone)) {
      const furthest = Math.max(...living.map(({ standing }) => standing?.step ?? 0));
      if (step < furthest && !isDone) return { kind: 'behind', furthest };
      if (step > furthest) {
        await sleep(LOOK_MS);
        continue;
      }
    }
    const members = [...living.map(({ member }) => member), me];
    const next = {
      epoch: (before?.view.epoch ?? -1) + 1,
      layout: layout.hash,
      isBegun: isBegun || members.length >= size,
      members,
      why: `${me.name} has joined`,
      ...(isBegun && (before?.view.isMissed || living.length < (before?.view.members.length ?? 0))
        ? { isMissed: true }
        : {}),
      ...(isAlone || finished === undefined ? {} : { finished }),
    };
    if (!(await stores.views((views) => views.replace(next, before)))) continue;
    post.announceView();
    // The run goes on, or begins anew: that was not its end.
    if (kept) await stores.snapshots((snapshots) => snapshots.remove(kept));
    const stored = await stores.views((views) => views.read());
    return { kind: 'joined', stored: stored!, hadBegun: !isAlone && isBegun };
  }
  return { kind: 'closed' };
}

/** @param found what this member has instead */
export function stateIsLost(run: string, found: string): Error {
  return new Error(
    `dataParallel: all members of run '${run}' that had its state are gone, and ${found}; wanted one that is left, or all members started ` +
      'again, from a checkpoint (natsStore, resume) if there is one',
  );
}

/** Those members that are still there, and where they stand if they say so. */
async function livingOf(
  members: readonly Member[],
  { me, step, patience, mayBeAway, isClosed }: Joiner,
  post: Post,
): Promise<{ readonly member: Member; readonly standing: Standing | null }[]> {
  const look = async (member: Member): Promise<Standing | 'silent' | 'gone'> => {
    for (let tries = 0; tries < 2 || (mayBeAway() && !isClosed()); tries++) {
      const reply = await post.ask(member.name, askWhere(me.life, 0, step), patience.answer);
      if (reply.kind === 'answer') return reply.answer.life === member.life ? reply.answer : 'gone';
      // A member does not answer itself.
      if (reply.kind === 'silence') return member.name === me.name ? 'gone' : 'silent';
      await sleep(LOOK_MS);
    }
    return 'gone';
  };
  const found = await Promise.all(members.map(async (member) => ({ member, standing: await look(member) })));
  return found.flatMap(({ member, standing }) =>
    standing === 'gone' ? [] : [{ member, standing: standing === 'silent' ? null : standing }],
  );
}

/** Takes a member out of the view, if it is in it. */
export async function leaveRun(
  { name, life }: Member,
  why: string,
  post: Pick<Post, 'announceView'>,
  stores: RunStores,
): Promise<void> {
  const isIn = (each: Member): boolean => each.name === name && each.life === life;
  for (;;) {
    const before = await stores.views((views) => views.read());
    if (!before?.view.members.some(isIn)) return;
    const next = viewWithout(before.view, isIn, `${name} ${why}`);
    if (!(await stores.views((views) => views.replace(next, before)))) continue;
    post.announceView();
    return;
  }
}
