import { variableNamed } from '../tensor/variable';

/** A name for a variable: that of its node, with a number where a variable has it already. */
export function freeName(node: string): string {
  let name = node;
  for (let number = 1; variableNamed(name); number++) name = `${node}_${number}`;
  return name;
}
