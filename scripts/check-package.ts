// `npm run check:package`: what publint finds in the package that would be published.
import { readFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>;
const { messages } = await publint({ strict: true, level: 'warning' });
/**
 * The types that a CommonJS program is given are those of a CommonJS module, and its `require` is given an ES module. Only a default export would show the
 * difference, and there is none. (attw calls it false-cjs, which package.json has it ignore for the same reason.)
 */
const unwanted = messages.filter(
  ({ code, path }) => code !== 'EXPORTS_TYPES_INVALID_FORMAT' || path.at(-1) !== 'require',
);
for (const message of unwanted) console.error(formatMessage(message, manifest));
console.log(`publint: ${unwanted.length === 0 ? 'nothing is wrong' : `${unwanted.length} found`}`);
process.exitCode = unwanted.length === 0 ? 0 : 1;
