import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { lanes } from './glsl';
import { unitFor } from './unit';

interface Rowwise {
  readonly program: string;
  /** Tensors of the output's shape. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** Tensors with one value for each row; null for a value that `compute` assigns. */
  readonly ofRow: Readonly<Record<string, TensorInfo | null>>;
  readonly output: TensorInfo;
  /** The length of a row. */
  readonly extent: number;
  /** The value of an output element, as a GLSL expression in the names of both kinds of tensors. */
  readonly expression: string;
  readonly functions?: string;
  /** GLSL that assigns values of a row, which has `extent` units from unit `first` on. */
  readonly compute?: string;
}

/** Computes each element from the elements with the same index and from values of its row, which a fragment reads once for a row. */
export function rowwise(
  backend: WebGLBackend,
  { program, inputs, ofRow, output, extent, expression, functions = '', compute = '' }: Rowwise,
): void {
  const unit = unitFor(extent);
  const names = Object.keys(inputs);
  const read = Object.fromEntries(Object.entries(ofRow).flatMap(([name, x]) => (x ? [[name, x]] : [])));
  const isTexel = unit.form === 'texel';
  const f = (c: string): string => `f(${names.map((name) => `${name}_0${c}`).join(', ')})`;
  draw(backend, {
    program,
    inputs: { ...inputs, ...read },
    outputs: [output],
    form: unit.form,
    ints: { extent: unit.length },
    source: () => `
      int known = -1;
      float ${Object.keys(ofRow).join(', ')};
      ${functions}
      float f(${names.map((name) => `float ${name}`).join(', ')}) { return ${expression}; }
      unit result(int i) {
        int row = over_extent(i);
        if (row != known) {
          known = row;
          int first = row * extent;
          ${Object.keys(read)
            .map((name) => `${name} = ${name}_at(row);`)
            .join(' ')}
          ${compute}
        }
        ${names.map((name) => `unit ${name}_0 = ${isTexel ? `${name}_here()` : `${name}_at(i)`};`).join(' ')}
        return ${isTexel ? lanes('vec4', (c) => f(`.${c}`)) : f('')};
      }`,
  });
}
