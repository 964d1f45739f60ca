import type { BackendDevice } from '../backend';

/** A device that has been opened, and what was found out about it. */
export interface OpenDevice {
  readonly gpu: GPUDevice;
  readonly device: BackendDevice;
  /** Whether the browser computes in software: then memory that a group shares is slower than registers. */
  readonly isSoftware: boolean;
}

/** Limits that are raised to what the adapter has: a device has the least by default. */
const raised = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const;

/** Opens a device. Resolves to a text that says why there is none. Never rejects. */
export async function openDevice(): Promise<OpenDevice | string> {
  const gpu = (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;
  if (!gpu)
    return 'there is no WebGPU here; pages have it over HTTPS and on localhost, where the browser has it';
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter)
      return 'WebGPU finds no adapter: the browser blocks this GPU or its driver, or there is none';
    const { info } = adapter;
    const requiredLimits = Object.fromEntries(raised.map((name) => [name, adapter.limits[name]]));
    const device = await adapter.requestDevice({ requiredLimits });
    // Older browsers say it of the adapter.
    const isSoftware =
      info.isFallbackAdapter ?? (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter ?? false;
    return { gpu: device, device: { name: nameOf(info) }, isSoftware };
  } catch (error) {
    return `WebGPU opens no device: ${(error as Error).message}`;
  }
}

function nameOf({ description, device, vendor, architecture }: GPUAdapterInfo): string {
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'WebGPU';
}
