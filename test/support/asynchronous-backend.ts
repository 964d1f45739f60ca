import type { Backend, KernelName } from '../../src/kernels';
import { createCpuBackend } from '../../src/kernels/cpu';
import { getBackend, registerBackend, removeBackend, setBackend } from '../../src/tensor';

/** Options of {@link asynchronousBackend}. */
export interface Abilities {
  /** The kernels that the backend lacks. */
  readonly lacks?: readonly KernelName[];
  /** Whether the backend has `readSync`. */
  readonly readsNow?: boolean;
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A backend that computes on the CPU, but is read asynchronously. */
export function asynchronousBackend(name: string, { lacks = [], readsNow = false }: Abilities = {}): Backend {
  const cpu = createCpuBackend('none')!;
  let submissions = 0;
  return {
    name,
    writesInPlace: cpu.writesInPlace,
    ...(readsNow && { readSync: cpu.readSync.bind(cpu) }),
    ...(lacks.length > 0 && { has: (kernel: KernelName) => !lacks.includes(kernel) }),
    allocate: (size) => cpu.allocate(size),
    free: (handle) => cpu.free(handle),
    write: (handle, values) => cpu.write(handle, values),
    read: async (handle, size, dtype) => {
      const values = cpu.readSync(handle, size, dtype);
      await turn();
      return values;
    },
    run: (kernel, inputs, outputs, attributes) => {
      if (lacks.includes(kernel)) throw new Error(`the kernel '${kernel}' is missing`);
      submissions++;
      cpu.run(kernel, inputs, outputs, attributes);
    },
    get submissions() {
      return submissions;
    },
    mark: turn,
    time: (work) => cpu.time(work),
    memory: () => cpu.memory(),
    dispose: () => cpu.dispose(),
  };
}

/** Runs `work` with such a backend in use, which is opened asynchronously, then restores the previous one. `work` must free its tensors. */
export async function onAsynchronousBackend(abilities: Abilities, work: () => unknown): Promise<void> {
  const before = getBackend();
  registerBackend(
    'later',
    async () => {
      await turn();
      return asynchronousBackend('later', abilities);
    },
    0,
  );
  try {
    await setBackend('later');
    await work();
  } finally {
    setBackend(before);
    removeBackend('later');
  }
}
