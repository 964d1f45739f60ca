// The suite in a page: chromium.ts calls `runBenchmarks`, and gives the page `reportResult`.
import { runStreamSuite, type StreamResult } from './streams';
import type { ProgramResult } from './programs/case';
import type { CaseResult } from './result';
import { runSuite, type SuiteOptions } from './suite';

declare global {
  interface Window {
    runBenchmarks: (options: SuiteOptions) => Promise<void>;
    reportResult: (result: CaseResult | StreamResult | ProgramResult) => void;
  }
}

window.runBenchmarks = (options) =>
  (options.streams ? runStreamSuite : runSuite)(options, (result) => window.reportResult(result));
