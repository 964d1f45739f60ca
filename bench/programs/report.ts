import type { NativeTimes } from '../pytorch';
import { milliseconds } from '../milliseconds';
import type { ProgramResult } from './case';
import type { PassEffect } from './passes';

/** A line for the terminal. */
export function programSummary(result: ProgramResult): string {
  const { name, against, must, found, ours, theirs, verdict, problem } = result;
  const title = `  ${name}\n    ${against}: `;
  if (problem !== undefined) return title + problem.slice(0, 200);
  const times = [ours, theirs].filter((text) => text !== undefined).join(', other ');
  const asked = verdict ? `; must ${must}: ${verdict}` : '';
  return `${title}${found}${times ? ` (${times})` : ''}${asked}`;
}

function line(result: ProgramResult, native: NativeTimes | null): string {
  const { name, against, must, aim, found, ours, theirs, verdict, problem } = result;
  const time = native?.get(name);
  const cells = [
    name,
    against,
    must,
    aim,
    problem === undefined ? `**${found!}**${verdict === 'missed' ? ', missed' : ''}` : '–',
    ours ?? '–',
    theirs ?? '–',
    ...(native ? [time === undefined ? '' : `${milliseconds(time)} ms`] : []),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** A line for the terminal. */
export function effectSummary({ pass, case: name, steps, ratio }: PassEffect): string {
  return `  ${pass} | ${name}: ${effectText({ steps, ratio })}`;
}

function effectText({ steps: [before, after], ratio }: Pick<PassEffect, 'steps' | 'ratio'>): string {
  return `×${ratio.toFixed(2)}${before === after ? '' : ` (${before} → ${after})`}`;
}

/** What each pass does for each program. */
function effectsMarkdown(effects: readonly PassEffect[]): string {
  const names = [...new Set(effects.map((effect) => effect.case))];
  const rows = [...new Set(effects.map(({ pass }) => pass))].map((pass) => {
    const cells = names.map((name) => {
      const effect = effects.find((each) => each.pass === pass && each.case === name);
      return effect ? effectText(effect) : '–';
    });
    return `| ${pass} | ${cells.join(' | ')} |`;
  });
  return `
## What each pass does

Programs with all passes beside those without one, on the CPU: how many times as fast they are with it, and where the pass changes it, the number of steps
without and with it. *Chains* are compiled loops with what they read and write of rows.

| pass | ${names.join(' | ')} |
| --- | ${names.map(() => '---').join(' | ')} |
${rows.join('\n')}
`;
}

/**
 * docs/benchmarks-programs.md: a row a case and contestant.
 *
 * @param native the times of PyTorch, a column more; null where this machine has none
 */
export function programMarkdown(
  results: readonly ProgramResult[],
  effects: readonly PassEffect[],
  machine: string,
  rounds: number,
  native: NativeTimes | null,
): string {
  const titles = [
    'case',
    'against',
    'must',
    'aim',
    'measured',
    'recorded',
    'other',
    ...(native ? ['PyTorch'] : []),
  ];
  const problems = results.flatMap(({ name, against, problem }) =>
    problem === undefined ? [] : [`- ${name}, against ${against}: ${problem}`],
  );
  return `# Benchmarks: programs

See here what recording a function gains, and where it gains nothing.

Written by \`npm run bench -- --programs\` on ${machine}, Node ${process.versions.node} and Chromium on a software driver, one thread. The same
function, recorded and as it is, or as a peer has it, takes turns in one process or page, ${rounds} rounds, after the results of their first calls
have been compared. *Measured* is the median of what each round gives: how many times as fast the recorded function is. The other cells are median times.
*Must* and *aim* are the ratios asked for.

A step outside of kernels is timed on programs of 100 and 300 steps with kernels that do nothing; the difference counts. So does that of the bytes
that a replay leaves to the garbage collector.${native ? ' PyTorch is the native one, on one thread, alone.' : ''}

| ${titles.join(' | ')} |
| ${titles.map(() => '---').join(' | ')} |
${results.map((result) => line(result, native)).join('\n')}
${problems.length ? `\nLines without figures:\n\n${problems.join('\n')}\n` : ''}${effects.length ? effectsMarkdown(effects) : ''}`;
}
