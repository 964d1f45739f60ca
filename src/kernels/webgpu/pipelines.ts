import type { Buffer } from './buffers';

/** A compiled shader, and the groups of buffers that it has been run with. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** Bytes of its uniforms. */
  readonly bytes: number;
  readonly groups: Map<string, GPUBindGroup>;
}

/** What a pipeline is compiled from. */
export interface PipelineDescription {
  /** The name that the device's error messages show. */
  readonly kernel: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly bytes: number;
  readonly source: string;
}

/** More groups of one pipeline are not kept. */
const MOST_KEPT = 64;

/** Compiles pipelines once, and makes each group of buffers once. */
export class Pipelines {
  readonly #pipelines = new Map<string, Pipeline>();
  readonly #layouts = new Map<string, { bindings: GPUBindGroupLayout; pipeline: GPUPipelineLayout }>();

  constructor(
    private readonly gpu: GPUDevice,
    private readonly uniforms: GPUBuffer,
  ) {}

  get count(): number {
    return this.#pipelines.size;
  }

  /** The pipeline of `key`, if it has been made. */
  find(key: string): Pipeline | undefined {
    return this.#pipelines.get(key);
  }

  /** Compiles the pipeline of `key`. */
  make(key: string, { kernel, inputs, outputs, bytes, source }: PipelineDescription): Pipeline {
    const { bindings, pipeline: layout } = this.#layoutOf(inputs, outputs);
    const label = `kernel ${kernel}`;
    const module = this.gpu.createShaderModule({ label, code: source });
    const made: Pipeline = {
      pipeline: this.gpu.createComputePipeline({ label, layout, compute: { module, entryPoint: 'main' } }),
      layout: bindings,
      bytes,
      groups: new Map(),
    };
    this.#pipelines.set(key, made);
    return made;
  }

  groupOf({ groups, layout, bytes }: Pipeline, buffers: readonly Buffer[]): GPUBindGroup {
    let key = '';
    for (const { id } of buffers) key += `${id} `;
    const known = groups.get(key);
    if (known) return known;
    if (groups.size >= MOST_KEPT) groups.clear();
    const made = this.gpu.createBindGroup({
      layout,
      entries: [
        { binding: 0, resource: { buffer: this.uniforms, size: bytes } },
        ...buffers.map(({ buffer }, i) => ({ binding: i + 1, resource: { buffer } })),
      ],
    });
    groups.set(key, made);
    return made;
  }

  #layoutOf(inputs: number, outputs: number): { bindings: GPUBindGroupLayout; pipeline: GPUPipelineLayout } {
    const key = `${inputs} ${outputs}`;
    const known = this.#layouts.get(key);
    if (known) return known;
    const visibility = 4; // compute
    const bindings = this.gpu.createBindGroupLayout({
      entries: [
        { binding: 0, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } },
        ...Array.from({ length: inputs + outputs }, (_, i) => ({
          binding: i + 1,
          visibility,
          buffer: { type: i < inputs ? ('read-only-storage' as const) : ('storage' as const) },
        })),
      ],
    });
    const made = { bindings, pipeline: this.gpu.createPipelineLayout({ bindGroupLayouts: [bindings] }) };
    this.#layouts.set(key, made);
    return made;
  }
}
