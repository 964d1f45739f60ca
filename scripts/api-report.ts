// The public API as a reviewed file: etc/rxtensor.api.md, made from the published types by API Extractor.
// `npm run api` fails if the types in dist/ say otherwise; `npm run api:update` writes what they say.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { entries } from './entries.js';

/** What `.` exports already: a report of their own would say everything twice. test/package.spec.ts holds them to it. */
const partsOfIndex = ['tensor', 'streams'];

const update = process.argv.includes('--update');
const reportFolder = resolve('etc');
// API Extractor writes into a folder that is there, and says nothing where it is not.
mkdirSync(reportFolder, { recursive: true });

const upToDate = entries
  .filter(({ name }) => !partsOfIndex.includes(name))
  .map(({ name }) => {
    const reportFileName = `${name === 'index' ? 'rxtensor' : name}.api.md`;
    const config = ExtractorConfig.prepare({
      configObjectFullPath: resolve('api-extractor.json'),
      packageJsonFullPath: resolve('package.json'),
      configObject: {
        projectFolder: resolve('.'),
        mainEntryPointFilePath: resolve(`dist/${name}.d.ts`),
        compiler: { tsconfigFilePath: resolve('tsconfig.src.json') },
        apiReport: {
          enabled: true,
          reportFileName,
          reportFolder,
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
            // All of the public API is public: no release tags.
            'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
            // Noted in the report, where a reviewer sees them.
            'ae-undocumented': { logLevel: ExtractorLogLevel.None, addToApiReportFile: true },
            // TypeDoc resolves and checks links (npm run docs); API Extractor stops at names with overloads.
            'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
            'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
          },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
    });
    const { succeeded, apiReportChanged } = Extractor.invoke(config, {
      localBuild: update,
      printApiReportDiff: !update,
      messageCallback(message) {
        // Of its own running commentary only the difference is news.
        if (message.messageId.startsWith('console-'))
          message.handled = message.messageId !== 'console-api-report-diff';
      },
    });
    const changed = `etc/${reportFileName} ${update ? 'was rewritten' : 'is out of date: look at the change and run npm run api:update'}`;
    console.log(apiReportChanged ? changed : `etc/${reportFileName} is up to date`);
    return succeeded;
  });

process.exitCode = upToDate.every(Boolean) ? 0 : 1;
