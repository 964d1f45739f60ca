// Shaders are published without the blanks that only their readers need.

/** Operators between operands, each of which is a name, a number or in parentheses: without blanks they are the same tokens. */
const SPACED_OPERATOR = /(?<=[\w)\]]) ([-+*/%^&|<>=!?:]|[-+*/<>=!]=|&&|\|\||<<|>>) (?=[\w(])/g;

/** The end of a line behind which the next one may follow at once. Lines that begin with # stay alone; of the first line nobody knows how it begins. */
const JOINED_LINES = /(?<=\n[^#\n]*[;{}])\n(?!#|\n|$)/g;

/** Blanks that separate no tokens: behind a comma or a semicolon, around braces, and behind the words of branches and loops. */
const LOOSE_BLANK = /(?<=[,;{}]) (?=\S)| (?=[{}])|(?<=\b(?:if|for|while)) (?=\()/g;

/**
 * Shader source without the indentation of its lines, without blanks between tokens that need none, and with lines joined. A message has one
 * line, and keeps its blanks.
 *
 * @param {string} source
 */
export function squeezed(source) {
  const lines = source
    .replace(/\n[ \t]+/g, '\n')
    .replace(SPACED_OPERATOR, '$1')
    .replace(JOINED_LINES, '');
  return source.includes('\n') ? lines.replace(LOOSE_BLANK, '') : lines;
}

/**
 * The strings and the texts of the templates below a node of the syntax tree, in order.
 *
 * @param {any} node
 * @returns {{start: number, end: number}[]}
 */
function textsIn(node) {
  if (node.type === 'TemplateElement' || (node.type === 'Literal' && typeof node.value === 'string'))
    return [node];
  const children = Object.values(node).flat();
  return children
    .filter((child) => typeof child?.type === 'string')
    .flatMap(textsIn)
    .sort((a, b) => a.start - b.start);
}

/**
 * Squeezes every text of the kernels. It comes after TypeScript has been compiled.
 *
 * @type {import('rollup').Plugin}
 */
export const squeezeShaders = {
  name: 'squeeze-shaders',
  transform(code, id) {
    if (!/\/src\/kernels\/.*(?<!\.wasm)\.ts$/.test(id)) return null;
    let result = '';
    let end = 0;
    for (const text of textsIn(this.parse(code))) {
      result += code.slice(end, text.start) + squeezed(code.slice(text.start, text.end));
      end = text.end;
    }
    return { code: result + code.slice(end), map: null };
  },
};
