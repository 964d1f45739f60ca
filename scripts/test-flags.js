/**
 * The value of `globalThis.__RXTENSOR_TEST__`, which test/support reads: the backend of the run, and the flags
 * of a variant (`--flags maxTextureSize=64,noSimd`).
 *
 * @param {string} [backend]
 * @param {string} [flags] `name=value` or `name`, separated by commas. A value that is JSON is parsed.
 * @returns {{backend: string, [flag: string]: unknown}}
 */
export function testFlags(backend = 'cpu', flags = '') {
  const pairs = flags
    .split(',')
    .filter((flag) => flag !== '')
    .map((flag) => {
      const [name = '', value = 'true'] = flag.split('=');
      return [name, parse(value)];
    });
  return { backend, ...Object.fromEntries(pairs) };
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
