// Counts the specs of one run, and writes the count to a file for scripts/test.ts, which adds up all runs.
import { writeFileSync } from 'node:fs';

/** The environment variable with the path of that file. */
export const COUNT_FILE = 'RXTENSOR_SPEC_COUNT';

const SLOW_MILLISECONDS = 5_000;

export class SpecCount {
  passed = 0;
  failed = 0;
  pending = 0;
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
   * @param {string} status Jasmine's status: passed, failed, pending or excluded.
   * @param {number} milliseconds
   */
  add(name, status, milliseconds) {
    if (milliseconds > SLOW_MILLISECONDS) this.#slow.push(`${(milliseconds / 1000).toFixed(1)} s  ${name}`);
    if (status === 'passed') this.passed++;
    else if (status === 'failed') this.fail(name);
    else if (status === 'pending' && this.#filtered) this.pending++;
    else if (!this.#filtered) this.fail(`${name} (not run: ${status}; remove fit, xit or pending)`);
  }

  /** @param {string} reason A failure, perhaps outside of specs: in afterAll, while loading, or of the browser. */
  fail(reason) {
    this.failed++;
    this.#failures.push(reason);
  }

  /** Prints the result of the run and writes its count. */
  report() {
    if (this.passed + this.failed === 0) this.fail('No spec was run.');
    for (const line of this.#slow) console.log(`slow: ${line}`);
    for (const line of this.#failures) console.log(`failed: ${line}`);
    if (this.pending > 0) console.log(`pending: ${this.pending}`);
    console.log(`${this.passed} passed, ${this.failed} failed`);
    const file = process.env[COUNT_FILE];
    if (file === undefined) return;
    const { passed, failed } = this;
    writeFileSync(file, JSON.stringify({ passed, failed, failures: this.#failures }));
  }
}
