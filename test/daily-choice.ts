/** Tests that take long are done in turns: a run does a few of them, others on the next day. */

const MS_PER_DAY = 86_400_000;

export const today = (): number => Math.floor(Date.now() / MS_PER_DAY);

/** So many of a list, which are others on the next day, until all have had their turn. */
export function dailyChoice<T>(all: readonly T[], count: number, day = today()): readonly T[] {
  const most = Math.min(count, all.length);
  return Array.from({ length: most }, (_, i) => all[(day * most + i) % all.length]!);
}
