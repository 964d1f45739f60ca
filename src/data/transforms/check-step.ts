import { stepKinds } from './kinds';
import type { Step, StepList } from './step';

/** Makes the error for an option, or for a list that a step has learned or was given. */
export type TellOfStep = (what: 'option' | 'list', name: string, found: unknown, wanted: string) => Error;

/** @throws unless the step of a kind that there is has right options, and, if it has learned or was given something, right lists */
export function assertStep({ kind, columns, options, fitted }: Step, tell: TellOfStep): void {
  const { options: checks, lists, order } = stepKinds[kind]!;
  for (const [name, check] of Object.entries(checks)) {
    const value = own(options, name);
    const wanted = check(value, options);
    if (wanted !== null) throw tell('option', name, value, wanted);
  }
  if (fitted === null || fitted === undefined) return;
  for (const [name, list] of Object.entries(lists)) {
    const found = own(fitted, name);
    const { wanted, fits } = listChecks(columns, fitted)[list];
    if (!Array.isArray(found) || !fits(found)) throw tell('list', name, found, wanted);
  }
  if (!order) return;
  const [lower, upper] = order.map((name) => fitted[name] as readonly number[]) as [number[], number[]];
  if (lower.some((number, i) => number > upper[i]!))
    throw tell(
      'list',
      order[0],
      lower,
      `numbers that are at most those of '${order[1]}', ${upper.join(', ')}`,
    );
}

function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** What the lists that a step has learned must be. */
function listChecks(
  columns: readonly string[],
  fitted: Readonly<Record<string, unknown>>,
): Readonly<
  Record<StepList, { readonly wanted: string; readonly fits: (list: readonly unknown[]) => boolean }>
> {
  const areNumbers = (list: readonly unknown[]): boolean =>
    list.length === columns.length && list.every(Number.isFinite);
  return {
    numbers: { wanted: `${columns.length} finite numbers`, fits: areNumbers },
    scales: {
      wanted: `${columns.length} finite numbers above 0`,
      fits: (list) => areNumbers(list) && list.every((scale) => (scale as number) > 0),
    },
    texts: {
      wanted: 'different texts',
      fits: (list) => list.every((word) => typeof word === 'string') && new Set(list).size === list.length,
    },
    counts: {
      wanted: 'a positive integer for each word',
      fits: (list) =>
        list.length === (fitted.words as readonly unknown[]).length &&
        list.every((count) => Number.isSafeInteger(count) && (count as number) > 0),
    },
  };
}
