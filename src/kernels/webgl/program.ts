/** A linked program with its uniforms. */
export interface Program {
  readonly program: WebGLProgram;
  readonly ints: UniformBlock<Int32Array>;
  readonly floats: UniformBlock<Float32Array>;
  /** Indices of the ints that are divisors. Their reciprocals are sent behind the floats. */
  readonly divisors: readonly number[];
  /** The uniforms of the inputs' textures, and the texture unit that each reads. */
  readonly samplers: readonly (WebGLUniformLocation | null)[];
  readonly units: number[];
  /** What it has been given last: it is not compared with itself. */
  latest: Uniforms | null;
}

/** The numbers that a program is given. Those of one object may be changed if {@link Program.latest} is forgotten. */
export interface Uniforms {
  readonly ints: readonly number[];
  readonly floats: readonly number[];
}

/** All uniforms of one type, in an array of four-vectors: one call sends them, and only if one has changed. */
interface UniformBlock<T> {
  readonly location: WebGLUniformLocation | null;
  readonly values: T;
  /** Whether the program has the values. Stays false if the engine's stack overflows between a change and its sending. */
  isSent: boolean;
}

/** What a program's source declares. */
interface ProgramParts {
  /** Names, in the order of the texture units. */
  readonly samplers: readonly string[];
  readonly counts: { readonly ints: number; readonly floats: number };
  /** Indices of the ints that are divisors. */
  readonly divisors: readonly number[];
}

/** A program that the driver compiles and links, in parallel where it can. */
export interface Linking {
  readonly program: WebGLProgram;
  readonly shaders: readonly WebGLShader[];
  /** The name that error messages show. */
  readonly kernel: string;
  readonly parts: ProgramParts;
}

/** Begins to compile and link a program. Does not wait: any question about it would, but {@link hasLinked}. */
export function startLinking(
  gl: WebGL2RenderingContext,
  kernel: string,
  sources: { readonly vertex: string; readonly fragment: string },
  parts: ProgramParts,
): Linking {
  const program = gl.createProgram();
  const shaders = [
    compile(gl, kernel, gl.VERTEX_SHADER, sources.vertex),
    compile(gl, kernel, gl.FRAGMENT_SHADER, sources.fragment),
  ];
  for (const shader of shaders) gl.attachShader(program, shader);
  gl.linkProgram(program);
  return { program, shaders, kernel, parts };
}

/** COMPLETION_STATUS_KHR of KHR_parallel_shader_compile, which must be on. */
const COMPLETION_STATUS = 0x91b1;

/** Whether {@link finishLinking} would not wait. */
export function hasLinked(gl: WebGL2RenderingContext, { program }: Linking): boolean {
  return gl.isContextLost() || (gl.getProgramParameter(program, COMPLETION_STATUS) as boolean);
}

/**
 * Waits until a program is linked.
 *
 * @throws when the driver rejects the source; nothing is left of it then
 */
export function finishLinking(
  gl: WebGL2RenderingContext,
  { program, shaders, kernel, parts: { samplers, counts, divisors } }: Linking,
): Program {
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    // The logs of the shaders are read only now: reading them earlier would make the driver compile one after the other.
    const logs = [...shaders.map((shader) => gl.getShaderInfoLog(shader)), gl.getProgramInfoLog(program)];
    for (const shader of shaders) gl.deleteShader(shader);
    gl.deleteProgram(program);
    throw new Error(`webgl: the program of kernel ${kernel} does not link: ${logs.join('')}`);
  }
  for (const shader of shaders) gl.deleteShader(shader);
  gl.useProgram(program);
  const locations = samplers.map((name) => gl.getUniformLocation(program, name));
  locations.forEach((location, unit) => gl.uniform1i(location, unit));
  return {
    program,
    ints: {
      location: gl.getUniformLocation(program, 'ints'),
      values: new Int32Array(roundUpToVector(counts.ints)),
      isSent: true,
    },
    floats: {
      location: gl.getUniformLocation(program, 'floats'),
      values: new Float32Array(roundUpToVector(counts.floats)),
      isSent: true,
    },
    divisors,
    samplers: locations,
    units: locations.map((_, unit) => unit),
    latest: null,
  };
}

/** The number of four-vectors that hold `count` numbers; at least 1. */
export function vectorsFor(count: number): number {
  return Math.max(1, Math.ceil(count / 4));
}

function roundUpToVector(count: number): number {
  return vectorsFor(count) * 4;
}

/** Lets an input's texture be read from a unit. The program must be in use. */
export function setUnit(
  gl: WebGL2RenderingContext,
  { samplers, units }: Program,
  input: number,
  unit: number,
): void {
  if (units[input] === unit) return;
  units[input] = -1;
  gl.uniform1i(samplers[input]!, unit);
  units[input] = unit;
}

/** Sends the uniforms that have changed, and behind the floats the reciprocals of the divisors. The program must be in use. */
export function setUniforms(gl: WebGL2RenderingContext, program: Program, given: Uniforms): void {
  if (program.latest === given) return;
  const { ints, floats, divisors } = program;
  program.latest = null;
  copyChanged(given.ints, ints);
  if (!ints.isSent) gl.uniform4iv(ints.location, ints.values);
  ints.isSent = true;
  copyChanged(given.floats, floats);
  for (let i = 0; i < divisors.length; i++) {
    setChanged(floats, given.floats.length + i, 1 / given.ints[divisors[i]!]!);
  }
  if (!floats.isSent) gl.uniform4fv(floats.location, floats.values);
  floats.isSent = true;
  program.latest = given;
}

function copyChanged(from: readonly number[], to: UniformBlock<Int32Array | Float32Array>): void {
  for (let i = 0; i < from.length; i++) setChanged(to, i, from[i]!);
}

/** Sets a value, and marks the block as not sent if that changes it. Uniforms start as 0, as the copy does. */
function setChanged(block: UniformBlock<Int32Array | Float32Array>, at: number, value: number): void {
  const { values } = block;
  const before = values[at];
  values[at] = value;
  if (!Object.is(values[at], before)) block.isSent = false;
}

function compile(gl: WebGL2RenderingContext, kernel: string, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (!shader) throw new Error(`webgl: no shader for kernel ${kernel}: the context is lost`);
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}
