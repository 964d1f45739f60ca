// Runs behind all specs of a run on WebGPU; see setup-webgpu.ts.
(globalThis as { __karma__?: { start: () => void } }).__karma__?.start();
