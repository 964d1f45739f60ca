/** The backends under the names of TensorFlow.js's. */
import { getBackend as ourBackend, setBackend as setOurBackend } from '../tensor';

/** Our backend for each of TensorFlow.js's that has another name. */
const aliases: Readonly<Record<string, string>> = { wasm: 'cpu', tensorflow: 'cpu', node: 'cpu' };

/** The name by which the program has asked for a backend, and ours that it got. */
let asked: readonly [name: string, ours: string] | null = null;

/** Chooses a backend. `wasm` is `cpu`, which is compiled to WebAssembly. */
export async function setBackend(name: string): Promise<boolean> {
  const ours = Object.hasOwn(aliases, name) ? aliases[name]! : name;
  const chosen = setOurBackend(ours);
  asked = [name, ours];
  return chosen;
}

/** The name of the backend, as it was asked for. */
export function getBackend(): string {
  const ours = ourBackend();
  return asked?.[1] === ours ? asked[0] : ours;
}
