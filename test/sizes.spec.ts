// docs/sizes.md and the table of the README say what is true now, up to a few bytes that another version of the bundler may add.
import { existsSync, readFileSync } from 'node:fs';
import { sizeOf } from '../tools/sizes/measure';
import { measureSizes, pageOf, readmeWith, type Sizes } from '../tools/sizes/page';

/** KB by which a number may differ. */
const SLACK = 0.5;

/** The words of a text without its numbers, and its numbers. */
function parted(text: string): { readonly words: string; readonly numbers: number[] } {
  const isNumber = /(?<=\| )(\d+\.\d|–)(?= \|)/g;
  return {
    words: text.replaceAll(isNumber, '#'),
    numbers: Array.from(text.matchAll(isNumber), ([found]) => (found === '–' ? 0 : Number(found))),
  };
}

function expectAlike(written: string, wanted: string): void {
  const [found, expected] = [parted(written), parted(wanted)];
  expect(found.words).toBe(expected.words);
  expect(expected.numbers.length).toBeGreaterThan(5);
  const apart = expected.numbers.filter((number, i) => Math.abs(number - found.numbers[i]!) > SLACK);
  expect(apart).withContext('npm run docs:sizes writes these').toEqual([]);
}

describe('What a program weighs', () => {
  let sizes: Sizes;

  beforeAll(async () => {
    expect(existsSync('dist/index.js')).withContext('npm run build makes it').toBe(true);
    sizes = await measureSizes(sizeOf);
  }, 120_000);

  it('is what docs/sizes.md says', () => {
    expectAlike(readFileSync('docs/sizes.md', 'utf8'), pageOf(sizes));
  });

  it('is what the README says', () => {
    const readme = readFileSync('README.md', 'utf8');
    expectAlike(readme, readmeWith(readme, sizes));
  });
});
