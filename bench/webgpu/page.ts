// The WebGPU suite in a page: main.ts calls `runBenchmarks`, and gives the page `reportResult`.
import { runWebGPUSuite } from './suite';

window.runBenchmarks = (options) => runWebGPUSuite(options, (result) => window.reportResult(result));
