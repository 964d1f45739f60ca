// Counts the specs of one run, and hands the count to scripts/test.ts, which adds up all runs.
import { writeFileSync } from 'node:fs';

/** The environment variable that names the file for the count. */
export const COUNT_FILE = 'RXTENSOR_SPEC_COUNT';

const SLOW_MILLISECONDS = 5_000;

export class SpecCount {
  passed = 0;
  failed = 0;
  /** @type {string[]} */
  #failures = [];
  /** @type {string[]} */
  #slow = [];
  #filtered;

  /** @param {boolean} filtered Whether specs were left out on purpose; otherwise a skipped spec is a failed one. */
  constructor(filtered) {
    this.#filtered = filtered;
  }

  /**
   * @param {string} name
   * @param {string} status As Jasmine tells it: passed, failed, pending or excluded.
   * @param {number} milliseconds
   */
  add(name, status, milliseconds) {
    if (milliseconds > SLOW_MILLISECONDS) this.#slow.push(`${(milliseconds / 1000).toFixed(1)} s  ${name}`);
    if (status === 'passed') this.passed++;
    else if (status === 'failed') this.fail(name);
    else if (!this.#filtered) this.fail(`${name} (not run: ${status}; remove fit, xit or pending)`);
  }

  /** @param {string} reason A failure that may belong to no spec: in afterAll, while loading, of the browser. */
  fail(reason) {
    this.failed++;
    this.#failures.push(reason);
  }

  /** Prints the run's end and writes its count. */
  report() {
    if (this.passed + this.failed === 0) this.fail('No spec was run.');
    for (const line of this.#slow) console.log(`slow: ${line}`);
    for (const line of this.#failures) console.log(`failed: ${line}`);
    console.log(`${this.passed} passed, ${this.failed} failed`);
    const file = process.env[COUNT_FILE];
    if (file === undefined) return;
    const { passed, failed } = this;
    writeFileSync(file, JSON.stringify({ passed, failed, failures: this.#failures }));
  }
}
