import type { Backend, BackendMemory, BackendTiming, TensorInfo } from './backend';
import type { DataType, TypedArray } from './dtype';
import type { KernelAttributes, KernelName } from './kernel-table';

/** A backend that runs every kernel: the given one, with its missing kernels run on the CPU. */
export function completed(backend: Backend, cpu: () => Backend): Backend {
  return backend.has ? new CpuInPlace(backend, cpu) : backend;
}

/** A copy of a tensor's description, which stays valid when the tensor is disposed before the kernel runs. */
function infoOf({ shape, dtype, size, handle }: TensorInfo): TensorInfo {
  return { shape, dtype, size, handle };
}

/**
 * Wraps a backend that lacks kernels. For a missing kernel it reads the inputs, runs the kernel on the CPU, and writes the outputs to the
 * device. Where the device can only read asynchronously, all later commands wait for that read, and follow in order.
 */
class CpuInPlace implements Backend {
  readonly name: string;
  readonly device: Backend['device'];
  readonly writesInPlace: boolean;
  readonly readSync: Backend['readSync'];
  readonly check: Backend['check'];
  readonly has: (kernel: KernelName) => boolean;
  /** Commands that wait until the inputs of a missing kernel have been read. */
  readonly #waiting: (() => void)[] = [];
  #reading: Promise<void> | null = null;
  #delayed = 0;
  /** The error of a kernel that failed after its op had returned. The next `read` or `mark` throws it. */
  #failure: Error | null = null;

  constructor(
    private readonly inner: Backend,
    private readonly cpu: () => Backend,
  ) {
    this.name = inner.name;
    this.device = inner.device;
    this.writesInPlace = inner.writesInPlace;
    this.has = (kernel) => inner.has!(kernel);
    if (inner.check) this.check = () => inner.check!();
    if (inner.readSync) this.readSync = (...of) => inner.readSync!(...of);
  }

  get submissions(): number {
    return this.inner.submissions + this.#delayed;
  }

  allocate(size: number, dtype: DataType): unknown {
    return this.inner.allocate(size, dtype);
  }

  free(handle: unknown): void {
    this.#inOrder(() => this.inner.free(handle));
  }

  write(handle: unknown, values: TypedArray): void {
    const own = this.#reading ? values.slice() : values;
    this.#inOrder(() => this.inner.write(handle, own));
  }

  async read(handle: unknown, size: number, dtype: DataType): Promise<TypedArray> {
    const values = await new Promise<TypedArray>((resolve, reject) => {
      this.#inOrder(() => void this.inner.read(handle, size, dtype).then(resolve, reject));
    });
    this.#throwFailure();
    return values;
  }

  run<K extends KernelName>(
    kernel: K,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
    attributes: KernelAttributes[K],
  ): void {
    const runner = this.has(kernel) ? this.inner : { run: this.#runOnCpu.bind(this) };
    if (!this.#reading) {
      runner.run(kernel, inputs, outputs, attributes);
      return;
    }
    const [from, to] = [inputs.map(infoOf), outputs.map(infoOf)];
    this.#delayed++;
    this.#waiting.push(() => runner.run(kernel, from, to, attributes));
  }

  async mark(): Promise<void> {
    while (this.#reading) await this.#reading;
    this.#throwFailure();
    await this.inner.mark();
  }

  time(work: () => void): Promise<BackendTiming> {
    return this.inner.time(work);
  }

  memory(): BackendMemory {
    return this.inner.memory();
  }

  dispose(): void {
    this.#inOrder(() => this.inner.dispose());
  }

  #inOrder(work: () => void): void {
    if (this.#reading) this.#waiting.push(work);
    else work();
  }

  #runOnCpu<K extends KernelName>(
    kernel: K,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
    attributes: KernelAttributes[K],
  ): void {
    const { inner } = this;
    const [from, to] = [inputs.map(infoOf), outputs.map(infoOf)];
    const compute = (values: readonly TypedArray[]): void =>
      this.#compute(kernel, from, values, to, attributes);
    if (inner.readSync) {
      compute(from.map(({ handle, size, dtype }) => inner.readSync!(handle, size, dtype)));
      return;
    }
    const reads = from.map(({ handle, size, dtype }) => inner.read(handle, size, dtype));
    this.#delayed++;
    this.#reading = Promise.all(reads)
      .then(compute)
      .catch((error: unknown) => this.#failed(error))
      .then(() => this.#goOn());
  }

  #compute<K extends KernelName>(
    kernel: K,
    inputs: readonly TensorInfo[],
    values: readonly TypedArray[],
    outputs: readonly TensorInfo[],
    attributes: KernelAttributes[K],
  ): void {
    const cpu = this.cpu();
    const made: unknown[] = [];
    const place = ({ shape, dtype, size }: TensorInfo): TensorInfo => {
      const handle = cpu.allocate(size, dtype);
      made.push(handle);
      return { shape, dtype, size, handle };
    };
    try {
      const [from, to] = [inputs.map(place), outputs.map(place)];
      from.forEach(({ handle }, i) => cpu.write(handle, values[i]!));
      cpu.run(kernel, from, to, attributes);
      to.forEach(({ handle, size, dtype }, i) =>
        this.inner.write(outputs[i]!.handle, cpu.readSync!(handle, size, dtype)),
      );
    } finally {
      for (const handle of made) cpu.free(handle);
    }
  }

  /** Runs the waiting commands, up to the next kernel whose inputs must be read first. */
  #goOn(): void {
    this.#reading = null;
    while (!this.#reading && this.#waiting.length > 0) {
      try {
        this.#waiting.shift()!();
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  #failed(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure) throw failure;
  }
}
