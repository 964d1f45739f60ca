/** Chrome's estimate of the machine's memory, which TypeScript's DOM library does not declare. */
interface Machine {
  readonly userAgent: string;
  /** In GiB. */
  readonly deviceMemory?: number;
}

/** A memory that a browser does not tell, in GiB. */
const UNKNOWN_MEMORY = 4;
/** GPUs with smaller textures are those of old or small devices. */
const LARGE_TEXTURE = 8192;

/**
 * How many bytes of free textures the pool keeps where the program does not say. WebGL does not know the memory of a GPU, so that it is an
 * eighth of the machine's (512 MiB where that is hidden), and a quarter of that on phones and small GPUs.
 */
export function poolLimit(maxTextureSize: number, machine: Machine = navigator): number {
  const { userAgent, deviceMemory = UNKNOWN_MEMORY } = machine;
  const isSmall = maxTextureSize < LARGE_TEXTURE || /Mobi|Android/.test(userAgent);
  return (deviceMemory * 2 ** 30) / (isSmall ? 32 : 8);
}
