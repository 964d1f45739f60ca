// The suite in a page: chromium.ts calls `runBenchmarks`, and gives the page `reportResult`.
import { runSuite, type CaseResult, type SuiteOptions } from './suite';

declare global {
  interface Window {
    runBenchmarks: (options: SuiteOptions) => Promise<void>;
    reportResult: (result: CaseResult) => void;
  }
}

window.runBenchmarks = (options) => runSuite(options, (result) => window.reportResult(result));
