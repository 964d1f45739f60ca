// Specific to WebGPU: buffers and their pool, batches, reads as snapshots, work that fails later, and lost devices.
import { allocateOperand, freeOperands, readOperand } from '../../../test/support/operands';
import { describeOwnWebGPU } from '../../../test/support/own-backends';
import { shaderForms } from '../../../test/support/shader-forms';
import { createDraw, runKernel, runKernelAndRead, type Operand } from '../../../test/support/run-kernel';
import type { TensorInfo } from '../backend';
import { ContextLostError } from '../context-lost';
import { createCpuBackend } from '../cpu';
import type { DataType } from '../dtype';
import type { Activation } from '../activation';
import { sizeOf, type Shape } from '../strides';
import { parseExpression } from '../shader-forms/parse';
import { wgslExpression, wgslTypes } from '../shader-forms/print-wgsl';
import { WebGPUBackend } from './backend';
import { openDevice, type OpenDevice } from './device';
import { dispatch } from './dispatch';
import { webgpuKernels } from './kernels';
import { PRELUDE, functionsOf, statementsOf } from './prelude';

describeOwnWebGPU('the WebGPU backend', () => {
  let backend: WebGPUBackend;
  let opened: OpenDevice;
  let made: TensorInfo[];

  const make = (shape: Shape, values?: ArrayLike<number>, dtype: DataType = 'float32'): TensorInfo => {
    const tensor = allocateOperand(backend, shape, dtype, values);
    made.push(tensor);
    return tensor;
  };
  const release = (tensor: TensorInfo): void => {
    made.splice(made.indexOf(tensor), 1);
    backend.free(tensor.handle);
  };
  const read = async (tensor: TensorInfo): Promise<number[]> =>
    Array.from(await readOperand(backend, tensor));
  const square = (x: TensorInfo): TensorInfo => {
    const y = make(x.shape);
    backend.run('unary', [x], [y], { name: 'square', p: 0, q: 0 });
    return y;
  };

  beforeEach(async () => {
    made = [];
    opened = (await openDevice()) as OpenDevice;
    backend = new WebGPUBackend(opened, webgpuKernels);
  });

  afterEach(() => {
    freeOperands(backend, made);
    backend.dispose();
  });

  it('copies what is written, and reads values as they are at the call', async () => {
    const values = new Float32Array([1, 2, 3]);
    const x = make([3], values);
    values.fill(9);
    const first = read(x);
    backend.write(x.handle, new Float32Array([4, 5, 6]));
    const second = read(x);
    release(x);
    backend.write(make([3]).handle, new Float32Array([7, 7, 7]));
    expect(await first).toEqual([1, 2, 3]);
    expect(await second).toEqual([4, 5, 6]);
  });

  it('writes behind the work that reads what was there', async () => {
    const x = make([2], [2, 3]);
    const y = square(x);
    release(x);
    // Takes the same buffer from the pool.
    const z = make([2], [10, 20]);
    expect(await read(y)).toEqual([4, 9]);
    expect(await read(z)).toEqual([10, 20]);
  });

  it('reads and writes all types, and nothing of nothing', async () => {
    expect(await read(make([2], [-1, 2 ** 31 - 1], 'int32'))).toEqual([-1, 2 ** 31 - 1]);
    expect(await read(make([3], [1, 0, 1], 'bool'))).toEqual([1, 0, 1]);
    expect(await readOperand(backend, make([1], [1], 'bool'))).toEqual(new Uint8Array([1]));
    expect(await read(make([0], []))).toEqual([]);
  });

  it('submits many kernels together', async () => {
    const submit = spyOn(opened.gpu.queue, 'submit').and.callThrough();
    let x = make([4], [1, 1, -1, 1]);
    for (let i = 0; i < 96; i++) x = square(x);
    expect(await read(x)).toEqual([1, 1, 1, 1]);
    expect(submit).toHaveBeenCalledTimes(5);
    await backend.mark();
    expect(submit).toHaveBeenCalledTimes(5);
    square(x);
    await backend.mark();
    expect(submit).toHaveBeenCalledTimes(6);
  });

  it('uses buffers and shaders again', async () => {
    const step = async (): Promise<void> => {
      const x = make([300], new Float32Array(300).fill(3));
      const y = square(x);
      expect((await read(y))[299]).toBe(9);
      release(x);
      release(y);
    };
    await step();
    const { reservedBytes, pooledBytes, programs } = backend.memory();
    expect(pooledBytes).toBe(reservedBytes);
    expect(programs).toBe(1);
    await step();
    expect(backend.memory()).toEqual({ reservedBytes, pooledBytes, programs: 1 });
  });

  it('runs more groups than fit into a row of a grid', async () => {
    const size = 65535 * 64 + 65;
    const x = make([size]);
    backend.run('fill', [], [x], { value: 1 });
    const sum = make([]);
    backend.run('reduce', [x], [sum], { name: 'sum', outer: 1, extent: size, inner: 1 });
    expect(await read(sum)).toEqual([size]);
  });

  it('refuses a tensor that is larger than a buffer', () => {
    expect(() => backend.allocate(2 ** 40, 'float32')).toThrowError(
      RangeError,
      /larger than a buffer of this device/,
    );
  });

  it('names a kernel that it lacks, and a cure', () => {
    expect(() =>
      backend.run('custom', [], [make([1])], {
        program: 'own 1',
        names: [],
        numbers: {},
        glsl: null,
        compute: () => undefined,
      }),
    ).toThrowError(
      "webgpu: the backend has no kernel 'custom' yet; wanted setBackend('webgl') or setBackend('cpu') for this work",
    );
  });

  it('tells at the next read of a shader that does not compile', async () => {
    const y = make([1]);
    dispatch(backend, {
      program: 'broken',
      inputs: {},
      outputs: { y },
      form: 'element',
      source: () => 'fn result(i: i32) -> T { return nothing; }',
    });
    await expectAsync(read(y)).toBeRejectedWithError(/webgpu: .*(nothing|broken)/s);
    // There may be several errors of one cause.
    await backend.mark().catch(() => undefined);
    expect(await read(make([1], [5]))).toEqual([5]);
  });

  it('compiles every form of the tables', async () => {
    expect(shaderForms.length).toBeGreaterThan(100);
    for (const { title, type, text, isStatements, variables, functions } of shaderForms) {
      const naming = (name: string): string => name.replace(/^h\[(\d+)\]$/, 'h$1');
      const of = wgslTypes[type];
      const body = isStatements
        ? `${statementsOf(text, naming)} sum += value;`
        : `sum += ${of}(${wgslExpression(parseExpression(text))});`;
      const code = `${PRELUDE}
        ${functionsOf(functions)}
        @group(0) @binding(0) var<storage, read_write> sum: ${of};
        @compute @workgroup_size(1) fn main() { ${variables.map((name) => `var ${naming(name)} = sum;`).join(' ')} ${body} }`;
      const { messages } = await opened.gpu.createShaderModule({ code }).getCompilationInfo();
      expect(messages.filter((each) => each.type === 'error').map(({ message }) => message))
        .withContext(title)
        .toEqual([]);
    }
  });

  it('is lost with its device, and refuses work then', async () => {
    const x = make([2], [1, 2]);
    const pending = read(square(x));
    opened.gpu.destroy();
    await expectAsync(pending).toBeRejectedWithError(
      ContextLostError,
      /webgpu: read: the WebGPU device is lost/,
    );
    await opened.gpu.lost;
    expect(backend.isLost()).toBeTrue();
    expect(() => square(x)).toThrowError(ContextLostError, /wanted await setBackend\('webgpu'\)/);
    await expectAsync(read(x)).toBeRejectedWithError(ContextLostError);
    await backend.mark();
    expect(backend.memory()).toEqual(jasmine.objectContaining({ reservedBytes: 0, pooledBytes: 0 }));
    made = [];
  });

  it('says why there is none', async () => {
    const { navigator } = globalThis;
    const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator')!;
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
    try {
      expect(await openDevice()).toContain('there is no WebGPU here');
      const gpu = { requestAdapter: () => Promise.resolve(null) };
      Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
      expect(await openDevice()).toContain('finds no adapter');
      gpu.requestAdapter = () => Promise.reject(new Error('asleep'));
      expect(await openDevice()).toBe('WebGPU opens no device: asleep');
    } finally {
      Object.defineProperty(globalThis, 'navigator', own);
    }
    expect(globalThis.navigator).toBe(navigator);
  });

  describe('computes products alike in all forms', () => {
    const cpu = createCpuBackend('none')!;
    const draw = createDraw(19);
    const sizes: readonly (readonly [batch: number, m: number, k: number, n: number])[] = [
      [1, 64, 64, 64],
      [2, 65, 33, 130],
      [1, 100, 17, 32],
      [3, 7, 129, 5],
      [1, 1, 2000, 3],
    ];
    const operand = (shape: number[]): Operand => ({
      shape,
      dtype: 'float32',
      values: draw(sizeOf(shape), -1, 1),
    });
    for (const isSoftware of [true, false]) {
      it(isSoftware ? 'in registers' : 'in tiles of shared memory', async () => {
        const own = new WebGPUBackend({ ...opened, isSoftware }, webgpuKernels);
        for (const [batch, m, k, n] of sizes) {
          for (const transposed of [false, true]) {
            const inputs = [
              operand([1, ...(transposed ? [k, m] : [m, k])]),
              operand([batch, ...(transposed ? [n, k] : [k, n])]),
              operand([n]),
            ];
            const outputs = [{ shape: [batch, m, n], dtype: 'float32' as const }];
            const activation: Activation = 'relu';
            const attributes = { transposeA: transposed, transposeB: transposed, activation, alpha: 0 };
            const [wanted] = runKernel(cpu, 'matMul', inputs, outputs, attributes);
            const [found] = await runKernelAndRead(own, 'matMul', inputs, outputs, attributes);
            const furthest = Math.max(...found!.map((value, i) => Math.abs(value - wanted![i]!)));
            expect(furthest).withContext(`${batch} × ${m} × ${k} × ${n}, ${transposed}`).toBeLessThan(1e-4);
          }
        }
      });
    }
  });
});
