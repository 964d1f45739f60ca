/** Trains a network on the MNIST digits, in the terminal: `npm start`, `npm start -- --help`. */
import { fromEvent, ReplaySubject, take } from 'rxjs';
import { setBackend } from 'rxtensor';
import { readMnist } from './digits';
import { runJob } from './job';
import { help, parseOptions, type Options } from './options';
import { silence, type Display } from './progress';
import { progressBar } from './progress-bar';
import { progressLines } from './progress-lines';
import { lastLine, summary } from './summary';
import { summaryJson } from './summary-json';
import { firstLineOf, UserError } from './user-error';

/** Exit codes: those of a shell for a signal, and for a command that was used wrongly. */
const INTERRUPTED = 128 + 2;
const MISUSED = 2;

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    print(help);
    return 0;
  }
  chooseBackend(options);
  let exitCode = 0;
  // Once: a second Ctrl-C ends the process in the usual way.
  const interrupted = new ReplaySubject<unknown>(1);
  fromEvent(process, 'SIGINT')
    .pipe(take(1))
    .subscribe((signal) => {
      exitCode = INTERRUPTED;
      interrupted.next(signal);
    });
  const mnist = await readMnist(options.data, options.limit);
  const outcome = await runJob(options, mnist, displayFor(options), interrupted);
  if (options.json) print(summaryJson(outcome, options, mnist.test));
  else
    print([...(options.quiet ? [] : summary(outcome, mnist.test)), lastLine(outcome, mnist.test)].join('\n'));
  return exitCode;
}

function chooseBackend({ backend }: Options): void {
  if (backend === undefined) return;
  try {
    setBackend(backend);
  } catch (cause) {
    throw new UserError(`option --backend: ${firstLineOf(cause)}`, { cause });
  }
}

function displayFor({ quiet, json }: Options): Display {
  if (quiet || json) return silence;
  return process.stdout.isTTY ? progressBar(process.stdout) : progressLines(print);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

// Whoever reads the output may stop reading, as `head` does.
process.stdout.on('error', () => process.exit());

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`mnist: ${error.message}\n`);
  process.exitCode = MISUSED;
}
