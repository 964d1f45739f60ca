import type { KernelName, TypedArray } from '../kernels';
import type { Operand, Program, Slot, SlotOrigin, Step } from '../kernels/programs/program';
import type { Storage } from '../tensor/device';
import type { DeviceObserver, KernelEvent } from '../tensor/device-observers';
import type { HostListener } from '../tensor/host-state';
import type { Tensor } from '../tensor/tensor';
import { livingVariables, Variable } from '../tensor/variable';

/** Kernels that a replay cannot repeat, with the reason. */
const unrepeatable: Partial<Record<KernelName, string>> = {
  fromPixels: 'takes a picture of the page, which is no argument',
  paint: 'shows a tensor on the page',
};

/** Writes down what a function does to tensors, while it runs, as steps over slots. */
export class Recorder implements HostListener {
  readonly #slots: Slot[] = [];
  readonly #steps: Step[] = [];
  readonly #slotOf = new Map<Storage, number>();
  readonly #updates = new Map<number, number>();
  /** Whether the values of a slot depend on arguments, variables, or attributes that vary. */
  readonly #depends: boolean[] = [];
  readonly #positions = new Map<object, number>();
  /** The tensors that the function uses without having made them, by position. */
  readonly captured: Tensor[] = [];
  /** Computes the attributes that vary, by position. */
  readonly varying: (() => object)[] = [];
  /** Changes states of the host as the function did. */
  readonly changed: (() => void)[] = [];
  /** Why no replay can do what the function did; null if one can. */
  refusal: string | null = null;

  /** @param mayGoOn whether the function goes on after something that cannot be recorded; otherwise that is an error at once */
  constructor(
    private readonly name: string,
    args: readonly Tensor[],
    private readonly mayGoOn: boolean,
  ) {
    args.forEach((tensor, position) => {
      const slot = this.#newSlot({ ...sizeOf(tensor), origin: { kind: 'argument', position } }, true);
      if (!this.#slotOf.has(tensor.storage)) this.#slotOf.set(tensor.storage, slot);
    });
  }

  /** Hears of what happens on the device. */
  readonly observer: DeviceObserver = {
    kernel: (event) => this.#kernel(event),
    write: ({ output, values }) => this.#slotOf.set(output.storage, this.#constant(output, values.slice())),
    view: ({ input }) => void this.#operand(input),
    swap: ({ variable, after }) => {
      const slot = this.#slotOf.get(after) ?? this.#captureOwner(after);
      if (slot === null)
        this.#refuse("'assign' takes the values of a tensor that is neither computed in it nor an argument");
      else this.#updates.set(this.#capture(variable), slot);
    },
    read: ({ op, input }) => {
      if (!this.#depends[this.#operand(input).slot]) return;
      this.#refuse(
        `'${op}' reads a tensor on the host, where a replay computes nothing; wanted it between two programs: inSegments`,
      );
    },
  };

  varies(attributes: object, recompute: () => object): void {
    this.#positions.set(attributes, this.varying.push(recompute) - 1);
  }

  changes(repeat: () => void): void {
    this.changed.push(repeat);
  }

  /** The program whose results are these tensors. */
  programOf(results: readonly Tensor[]): Program {
    const operands = results.map((each) => this.#operand(each));
    const updates = [...this.#updates].map(([captured, slot]) => ({ captured, slot }));
    return { slots: this.#slots, steps: this.#steps, results: operands, updates };
  }

  /**
   * Groups of tensors (arguments by position, and others) that shared their values when the run began: in the program they share a slot.
   *
   * @param before the storage of each variable at that time
   */
  sharing(args: readonly Tensor[], before: ReadonlyMap<Tensor, Storage>): (readonly (number | Tensor)[])[] {
    const groups = new Map<Storage, Set<number | Tensor>>();
    const at = (storage: Storage): Set<number | Tensor> => {
      const group = groups.get(storage) ?? new Set();
      groups.set(storage, group);
      return group;
    };
    args.forEach(({ storage }, i) => at(storage).add(i));
    for (const each of this.captured) at(before.get(each) ?? each.storage).add(each);
    for (const [variable, storage] of before) groups.get(storage)?.add(variable);
    return [...groups.values()].filter(({ size }) => size > 1).map((group) => [...group]);
  }

  #kernel({ op, kernel, attributes, inputs, outputs }: KernelEvent): void {
    const reason = unrepeatable[kernel];
    if (reason) this.#refuse(`'${op}' ${reason}`);
    const varying = this.#positions.get(attributes);
    const read = inputs.map((each) => this.#operand(each));
    const depends = varying !== undefined || read.some(({ slot }) => this.#depends[slot]);
    const written = outputs.map((each) => {
      const slot = this.#newSlot({ ...sizeOf(each), origin: { kind: 'step' } }, depends);
      // A variable that is written in place has new values from now on, hence another slot.
      this.#slotOf.set(each.storage, slot);
      return { slot, shape: [...each.shape] };
    });
    this.#steps.push({
      op,
      kernel,
      attributes,
      inputs: read,
      outputs: written,
      ...(varying === undefined ? {} : { varying }),
    });
  }

  #newSlot(slot: Slot, depends: boolean): number {
    this.#depends.push(depends);
    return this.#slots.push(slot) - 1;
  }

  #constant(tensor: Tensor, values: TypedArray): number {
    return this.#newSlot({ ...sizeOf(tensor), origin: { kind: 'constant', values } }, false);
  }

  #operand(tensor: Tensor): Operand {
    const { storage, shape } = tensor;
    let slot = this.#slotOf.get(storage);
    if (slot === undefined) {
      // No kernel fills a tensor without elements.
      if (tensor.size === 0) slot = this.#constant(tensor, new Float32Array(0));
      else slot = this.#captureOwner(storage) ?? this.#slotOfCaptured(tensor);
      this.#slotOf.set(storage, slot);
    }
    return { slot, shape: [...shape] };
  }

  /** Captures the variable that has this storage, which a view or the tape may hand to a kernel. */
  #captureOwner(storage: Storage): number | null {
    const owner = livingVariables().find((each) => each.storage === storage);
    return owner ? this.#slotOfCaptured(owner) : null;
  }

  #slotOfCaptured(tensor: Tensor): number {
    this.#capture(tensor);
    return this.#slotOf.get(tensor.storage)!;
  }

  #capture(tensor: Tensor): number {
    const known = this.captured.indexOf(tensor);
    if (known >= 0) return known;
    const position = this.captured.push(tensor) - 1;
    const isVariable = tensor instanceof Variable;
    const origin: SlotOrigin = { kind: 'captured', position, ...(isVariable ? {} : { fixed: true }) };
    const slot = this.#newSlot({ ...sizeOf(tensor), origin }, isVariable);
    if (!this.#slotOf.has(tensor.storage)) this.#slotOf.set(tensor.storage, slot);
    return position;
  }

  #refuse(reason: string): void {
    this.refusal ??= reason;
    if (!this.mayGoOn) throw new Error(`${this.name}: ${reason}`);
  }
}

function sizeOf({ storage: { dtype, size } }: Tensor): { dtype: Slot['dtype']; size: number } {
  return { dtype, size };
}
