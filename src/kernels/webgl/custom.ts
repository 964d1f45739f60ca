import { customOnHost } from '../custom';
import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';

export const custom: Kernel<WebGLBackend, 'custom'> = (backend, inputs, outputs, attributes) => {
  const { program, names, numbers, glsl } = attributes;
  if (glsl === null) {
    customOnHost(backend, inputs, outputs, attributes);
    return;
  }
  const shapes = [
    ...names.map((name, i) => [name, inputs[i]!.shape] as const),
    ['output', outputs[0]!.shape] as const,
  ];
  draw(backend, {
    program: `${program} ${shapes.map(([, shape]) => shape.length).join()}`,
    inputs: Object.fromEntries(names.map((name, i) => [name, inputs[i]!])),
    outputs,
    form: 'element',
    ints: Object.fromEntries(shapes.map(([name, shape]) => [`${name}_shape`, shape])),
    floats: numbers,
    // Errors name the lines of the program's own source.
    source: () => `\n#line 1\n${glsl}\n`,
  });
};
