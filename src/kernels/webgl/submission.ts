import type { WebGLBackend } from './backend';
import { setUniforms, setUnit, type Program } from './program';
import type { Operands } from './shader-source';
import type { Texture } from './textures';

/** What the device is told to do at a time, with all that it needs: a draw that fills textures, one that adds points to them, or a clearing. */
export interface Submission {
  /** The textures to fill: all layers of a single one, or the first layer of each of several. */
  readonly targets: readonly Texture[];
  /** If given, targets are first filled with this number. */
  readonly clear: number | null;
  /** null: nothing is drawn. */
  readonly draw: {
    readonly program: Program;
    readonly operands: Pick<Operands, 'textures' | 'uniforms' | 'call'>;
    /** The number of points to add; null: all texels are computed. */
    readonly points: number | null;
    /** The texture unit of each texture; from 0 on when left out. */
    readonly units?: readonly number[];
  } | null;
}

/** Tells the device. Here is the only place where draws and clearings are issued. */
export function submit(backend: WebGLBackend, submission: Submission): void {
  const { gl, bindings } = backend;
  const { targets, clear, draw } = submission;
  backend.bindFramebuffer(targets[0]!, targets);
  if (clear !== null) clearTargets(gl, targets, clear);
  if (draw !== null) {
    const { program, operands, points, units } = draw;
    const { textures, uniforms } = operands;
    bindings.setSize(targets[0]!.layout);
    gl.useProgram(program.program);
    for (let i = 0; i < textures.length; i++) {
      const unit = units ? units[i]! : i;
      setUnit(gl, program, i, unit);
      bindings.read(textures[i]!.texture, unit);
    }
    setUniforms(gl, program, uniforms);
    bindings.setBlending(points !== null);
    if (points === null) gl.drawArrays(gl.TRIANGLES, 0, 3);
    else gl.drawArrays(gl.POINTS, 0, points);
  }
  backend.submissions++;
  backend.heard?.push(submission);
}

function clearTargets(gl: WebGL2RenderingContext, targets: readonly Texture[], value: number): void {
  const values = [value, value, value, value];
  for (let i = 0; i < targets.length; i++) {
    gl[targets[i]!.laneType === 'float' ? 'clearBufferfv' : 'clearBufferiv'](gl.COLOR, i, values);
  }
}
