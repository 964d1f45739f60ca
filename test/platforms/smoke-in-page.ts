// The smoke test in a page: on the CPU, and on WebGL where the browser has it.
import { smoke, type Smoke } from './smoke';

export interface PageSmoke {
  readonly cpu: Smoke;
  /** Or why there is none. */
  readonly webgl: Smoke | string;
}

export async function main(): Promise<PageSmoke> {
  const cpu = await smoke('cpu');
  try {
    return { cpu, webgl: await smoke('webgl') };
  } catch (error) {
    return { cpu, webgl: String(error) };
  }
}
