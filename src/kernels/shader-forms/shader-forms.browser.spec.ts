import { shaderForms } from '../../../test/support/shader-forms';
import { PRELUDE } from '../webgl/prelude';
import { parseExpression, parseFunctions, parseStatements } from './parse';
import { printExpression, printFunction, printStatements } from './print';

/** The compiler's errors for a fragment shader; null if it compiles. */
function complaint(source: string): string | null {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')!;
  const shader = gl.createShader(gl.FRAGMENT_SHADER)!;
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  const found = gl.getShaderParameter(shader, gl.COMPILE_STATUS) ? null : gl.getShaderInfoLog(shader);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return found;
}

describe('shader forms in one shader', () => {
  it('compile together, printed anew with names of their own', () => {
    const functions = new Map<string, string>();
    const bodies = shaderForms.map(({ title, type, text, isStatements, variables, functions: beside }, k) => {
      for (const each of parseFunctions(beside)) {
        const { name, parameters } = each;
        functions.set(
          `${name}(${parameters.map((parameter) => parameter.type).join()})`,
          printFunction(each),
        );
      }
      const naming = (name: string): string =>
        name === 'NAN' || name === 'INFINITY' ? name : `form${k}_${name.replace(/\[(\d+)\]/, '_at_$1')}`;
      const declared = variables.map((name) => `${type} ${naming(name)} = ${type}(seed);`).join(' ');
      const work = isStatements
        ? `${printStatements(parseStatements(text), naming)} sum += ${naming('value')};`
        : `sum += float(${printExpression(parseExpression(text), naming)});`;
      return `// ${title.replaceAll('\n', ' ')}\n${declared} ${work}`;
    });
    const source = `#version 300 es
      precision highp float;
      precision highp int;
      ${PRELUDE}
      ${[...functions.values()].join('\n')}
      uniform float seed;
      out vec4 color;
      void main() { float sum = 0.0; ${bodies.join('\n')} color = vec4(sum); }`;
    expect(shaderForms.length).toBeGreaterThan(100);
    expect(complaint(source)).toBeNull();
  });
});
