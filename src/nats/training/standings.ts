import type { Ask, Standing } from './asks';
import type { Reply } from './post';
import type { Member } from './view';

/** What asking a member needs. */
export interface Inquiry {
  readonly ask: (name: string, ask: Ask) => Promise<Reply<Standing>>;
  readonly judge: (name: string, reply: Reply<Standing>) => 'there' | 'gone';
  /** Whether the answers interest nobody any more. */
  readonly isOver: () => boolean;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** An ask of who wants to know only where a member stands. @param step that of the next batch of who asks, if one comes */
export function askWhere(life: number, epoch: number, step: number | null = null): Ask {
  return { life, epoch, step, parts: [], sums: [] };
}

/** From one question to the next, in ms: to a member that has not followed yet, and to one that has not answered. */
const SOON_MS = 5;
const LATER_MS = 50;

/** Asks members until all follow a view. Returns where they stand, by name, and the names of those that are gone. */
export async function standingsOf(
  members: readonly Member[],
  question: Ask,
  { ask, judge, isOver, wait }: Inquiry,
): Promise<{ readonly standings: ReadonlyMap<string, Standing>; readonly gone: readonly string[] }> {
  const standings = new Map<string, Standing>();
  const gone: string[] = [];
  const follow = async (name: string): Promise<void> => {
    while (!isOver()) {
      const reply = await ask(name, question);
      if (judge(name, reply) === 'gone') {
        gone.push(name);
        return;
      }
      if (reply.kind === 'answer' && reply.answer.epoch === question.epoch) {
        standings.set(name, reply.answer);
        return;
      }
      await wait(reply.kind === 'answer' ? SOON_MS : LATER_MS);
    }
  };
  await Promise.all(members.map(({ name }) => follow(name)));
  return { standings, gone };
}

/** Whether a member that has taken `step` steps must stay, since one of the others lacks something of them, or may do so. */
export async function isNeeded(
  others: readonly Member[],
  question: Ask,
  step: number,
  { ask, judge }: Pick<Inquiry, 'ask' | 'judge'>,
): Promise<boolean> {
  const needs = await Promise.all(
    others.map(async ({ name, life }) => {
      const reply = await ask(name, question);
      const isThere = judge(name, reply) === 'there';
      if (reply.kind !== 'answer') return isThere;
      const { answer } = reply;
      return answer.life === life && (answer.isBlank || answer.step < step);
    }),
  );
  return needs.includes(true);
}

/**
 * Where a member has the run's state from when all stand where they say: from itself; from the member at a place; from one that does not have it yet ('wait'); or
 * from nobody any more ('lost').
 *
 * Those who begin a run together have the state of the first of them. A newcomer, who joins a run that others have begun, has nothing that could be the
 * run's state: nobody takes it over, and when only newcomers are left, it is lost.
 */
export function sourceOf(
  all: readonly Standing[],
  own: Standing,
  isNewcomer: boolean,
): number | 'own' | 'wait' | 'lost' {
  const furthest = furthestOf(all);
  const best = all[furthest]!;
  if (isNewcomer && best.isBlank) return best === own ? 'lost' : 'wait';
  return best !== own && (own.isBlank || best.step > own.step) ? furthest : 'own';
}

/** The member whose state counts: one that has the run's state, then the one with the most steps, then the first. */
function furthestOf(standings: readonly Standing[]): number {
  const isFurther = (each: Standing, best: Standing): boolean =>
    each.isBlank === best.isBlank ? each.step > best.step : best.isBlank;
  return standings.reduce((best, each, i) => (isFurther(each, standings[best]!) ? i : best), 0);
}
