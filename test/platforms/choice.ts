/** Which platforms a run looks at: frameworks, runtimes and browsers, each with an installation of its own. */
import { dailyChoice, today } from '../daily-choice';

interface PlatformRun {
  /** How many are looked at; all if left out. */
  readonly platforms?: number;
  /** The day that chooses them, counted from 1970. */
  readonly day?: number;
}

export const PLATFORMS = ['Angular', 'React, Vue and Svelte', 'Bun and Deno', 'WebKit'] as const;

const { platforms = PLATFORMS.length, day = today() } = (
  globalThis as unknown as { __RXTENSOR_TEST__: PlatformRun }
).__RXTENSOR_TEST__;
const chosen = dailyChoice(PLATFORMS, platforms, day);
console.log(
  `${chosen.length} of ${PLATFORMS.length} platforms, chosen by --flags platforms=${chosen.length},day=${day}: ${chosen.join('; ')}`,
);

/** Describes a platform if it is its turn. */
export function onPlatform(name: (typeof PLATFORMS)[number], specs: () => void): void {
  if (chosen.includes(name)) describe(name, specs);
}
