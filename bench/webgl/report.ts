import { milliseconds } from '../milliseconds';
import type { CaseResult } from '../result';

/** What was measured on one driver. */
export interface DriverResults {
  readonly title: string;
  readonly cases: readonly CaseResult[];
}

function cell(result: CaseResult | undefined): string {
  if (!result || result.problem !== undefined) return '–';
  const time = `${milliseconds(result.ours!)} ms`;
  return result.ratio === undefined ? time : `${time}, **×${result.ratio.toFixed(2)}**`;
}

function table(drivers: readonly DriverResults[], isShown: (result: CaseResult) => boolean): string {
  const rows = drivers[0]!.cases.flatMap((result, i) => {
    if (!isShown(result)) return [];
    const wanted = result.must ? `${result.must} | ${result.aim}` : '– | –';
    const name = result.must ? result.name : `${result.name} ${result.peer}`;
    return [`| ${name} | ${wanted} | ${drivers.map(({ cases }) => cell(cases[i])).join(' | ')} |`];
  });
  return [
    `| case | must | aim | ${drivers.map(({ title }) => title).join(' | ')} |`,
    `| --- | --- | --- | ${drivers.map(() => '---').join(' | ')} |`,
    ...rows,
  ].join('\n');
}

/** A case of the second table: `kernel: what is computed`. */
const isKernel = ({ name }: CaseResult): boolean => /^[a-zA-Z0-9]+: /.test(name) && !name.startsWith('CNN');

/** docs/benchmarks-webgl.md. */
export function webglMarkdown(drivers: readonly DriverResults[], machine: string, rounds: number): string {
  const problems = drivers.flatMap(({ title, cases }) =>
    cases
      .filter(({ problem }) => problem !== undefined)
      .map(({ name, problem }) => `- ${title}, ${name}: ${problem}`),
  );
  return `# Benchmarks of the WebGL backend

Written by \`npm run bench -- --webgl\` on ${machine}, in Chromium, on two software drivers of OpenGL: SwiftShader and Mesa's
llvmpipe. Ours and TensorFlow.js's WebGL backend take turns in one page, ${rounds} rounds, after their results were compared. A round is a
stretch of runs that ends with the read of a *separate* small result, so that neither side unpacks what is timed. A cell is the median time of
a run of ours, and the median over the rounds of the peer's time by ours. *Must* and *aim* are the ratios asked for on SwiftShader.
There is no GPU here: software drivers rank kernels by arithmetic and fetches.

${table(drivers, (result) => !isKernel(result))}

## One case for each kernel

A kernel that TensorFlow.js lacks on WebGL is timed alone, with the reason.

${table(drivers, isKernel)}
${problems.length ? `\nCases without figures:\n\n${problems.join('\n')}\n` : ''}`;
}
