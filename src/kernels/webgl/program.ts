/** A linked program with the places of its uniforms, and what was last sent to them. */
export interface Program {
  readonly program: WebGLProgram;
  readonly ints: UniformBlock<Int32Array>;
  readonly floats: UniformBlock<Float32Array>;
  /** Which of the ints are divided by: their reciprocals follow the floats. */
  readonly divisors: readonly number[];
}

/** All uniforms of one type, four to a vector, so that one call sets them and an unchanged set is not sent at all. */
interface UniformBlock<T> {
  readonly location: WebGLUniformLocation | null;
  readonly values: T;
}

/** What a program's source declares. */
interface ProgramParts {
  /** In the order of the texture units. */
  readonly samplers: readonly string[];
  readonly counts: { readonly ints: number; readonly floats: number };
  /** Which of the ints are divided by. */
  readonly divisors: readonly number[];
}

/**
 * @param kernel named in errors
 * @throws when the driver refuses the source
 */
export function linkProgram(
  gl: WebGL2RenderingContext,
  kernel: string,
  sources: { readonly vertex: string; readonly fragment: string },
  { samplers, counts, divisors }: ProgramParts,
): Program {
  const program = gl.createProgram();
  const shaders = [
    compile(gl, kernel, gl.VERTEX_SHADER, sources.vertex),
    compile(gl, kernel, gl.FRAGMENT_SHADER, sources.fragment),
  ];
  for (const shader of shaders) gl.attachShader(program, shader);
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    // The status of the shaders is asked for only now: asking earlier would make the driver compile one after the other.
    const logs = shaders.map((shader) => gl.getShaderInfoLog(shader) ?? '').join('');
    throw new Error(
      `webgl: the program of kernel ${kernel} does not link: ${logs}${gl.getProgramInfoLog(program) ?? ''}`,
    );
  }
  for (const shader of shaders) gl.deleteShader(shader);
  gl.useProgram(program);
  samplers.forEach((name, unit) => gl.uniform1i(gl.getUniformLocation(program, name), unit));
  return {
    program,
    ints: {
      location: gl.getUniformLocation(program, 'ints'),
      values: new Int32Array(roundUpToVector(counts.ints)),
    },
    floats: {
      location: gl.getUniformLocation(program, 'floats'),
      values: new Float32Array(roundUpToVector(counts.floats)),
    },
    divisors,
  };
}

/** Vectors of four that hold so many numbers. */
export function vectorsFor(count: number): number {
  return Math.max(1, Math.ceil(count / 4));
}

function roundUpToVector(count: number): number {
  return vectorsFor(count) * 4;
}

/** Sends the uniforms that have changed. The program must be in use. */
export function setUniforms(
  gl: WebGL2RenderingContext,
  program: Program,
  ints: readonly number[],
  floats: readonly number[],
): void {
  const all =
    program.divisors.length === 0
      ? floats
      : [...floats, ...program.divisors.map((index) => 1 / ints[index]!)];
  if (copyChanged(ints, program.ints.values)) gl.uniform4iv(program.ints.location, program.ints.values);
  if (copyChanged(all, program.floats.values)) gl.uniform4fv(program.floats.location, program.floats.values);
}

/** Uniforms are 0 at first, and so are the arrays; NaN counts as changed. */
function copyChanged(from: readonly number[], to: Int32Array | Float32Array): boolean {
  let changed = false;
  for (let i = 0; i < from.length; i++) {
    const before = to[i];
    to[i] = from[i]!;
    changed ||= to[i] !== before;
  }
  return changed;
}

function compile(gl: WebGL2RenderingContext, kernel: string, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (!shader) throw new Error(`webgl: no shader for kernel ${kernel}: the context is lost`);
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}
