// The public API as a reviewed file: etc/rxtensor.api.md, made from the published types by API Extractor.
// `npm run api` fails if it differs from the types in dist/; `npm run api:update` writes it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { entries, partsOfRoot } from './entries.js';

const update = process.argv.includes('--update');
const reviewed = 'etc';
const made = '.cache/api/reports';
// API Extractor writes nothing, without an error, if the folder is missing.
for (const folder of [reviewed, made]) mkdirSync(folder, { recursive: true });

const upToDate = entries
  .filter(({ name }) => !partsOfRoot.includes(name))
  .map(({ name }) => {
    const fileName = `${name === 'index' ? 'rxtensor' : name}.api.md`;
    const succeeded = report(name, fileName);
    if (name === 'tfjs') dropRepeated(join(made, fileName));
    return compare(join(reviewed, fileName), join(made, fileName)) && succeeded;
  });

process.exitCode = upToDate.every(Boolean) ? 0 : 1;

/** Runs API Extractor, which writes the report of an entry's types. */
function report(entry: string, reportFileName: string): boolean {
  const config = ExtractorConfig.prepare({
    configObjectFullPath: resolve('api-extractor.json'),
    packageJsonFullPath: resolve('package.json'),
    configObject: {
      projectFolder: resolve('.'),
      mainEntryPointFilePath: resolve(`dist/${entry}.d.ts`),
      compiler: { tsconfigFilePath: resolve('tsconfig.src.json') },
      apiReport: {
        enabled: true,
        reportFileName,
        reportFolder: resolve(made),
        reportTempFolder: resolve('.cache/api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          // There are no release tags: all exports are public.
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          // The report marks such items as `(undocumented)`.
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          // TypeDoc checks links (npm run docs). API Extractor cannot resolve names with overloads.
          'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
          // Written to the report, where a reviewer sees them.
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      // Progress messages are not printed.
      if (message.messageId.startsWith('console-')) message.handled = true;
    },
  });
  return succeeded;
}

/** Drops what the report of `.` has, too: `rxtensor/tfjs` exports all of rxtensor/tensor. */
function dropRepeated(madeFile: string): void {
  const blocks = (file: string): string[] => readFileSync(file, 'utf8').split('\n\n');
  const known = new Set(blocks(join(made, 'rxtensor.api.md')).filter((block) => block.startsWith('// ')));
  // Warnings name the entry.
  const isKnown = (block: string): boolean => known.has(block.replaceAll('tfjs.d.ts', 'index.d.ts'));
  const own = blocks(madeFile).filter((block) => !isKnown(block));
  writeFileSync(madeFile, own.join('\n\n'));
}

/** Whether the reviewed report equals the new one. With --update it is overwritten, otherwise the difference is shown. */
function compare(reviewedFile: string, madeFile: string): boolean {
  // Some notes contain a line number in dist/, which changes with every comment.
  const text = readFileSync(madeFile, 'utf8').replaceAll(/^\/\/ dist\/\S+:\d+:\d+ - /gm, '// ');
  writeFileSync(madeFile, text);
  if (existsSync(reviewedFile) && readFileSync(reviewedFile, 'utf8') === text) {
    console.log(`${reviewedFile} is up to date`);
    return true;
  }
  if (update) {
    writeFileSync(reviewedFile, text);
    console.log(`${reviewedFile} was rewritten`);
    return true;
  }
  console.log(`${reviewedFile} is out of date: look at the change and run npm run api:update`);
  spawnSync('git', ['--no-pager', 'diff', '--no-index', reviewedFile, madeFile], { stdio: 'inherit' });
  return false;
}
