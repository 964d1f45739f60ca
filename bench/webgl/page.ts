// The WebGL suite in a page: index.ts calls `runBenchmarks`, and gives the page `reportResult`.
import { runWebGLSuite } from './suite';

window.runBenchmarks = (options) => runWebGLSuite(options, (result) => window.reportResult(result));
