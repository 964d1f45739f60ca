/** The name under which the processor is registered. */
export const PROCESSOR = 'rxtensor-samples';

/** The options of the processor. */
export interface ProcessorOptions {
  readonly channels: number;
  /** The samples of a message. */
  readonly block: number;
  /** The most samples that are sent and not read. */
  readonly most: number;
}

/** What the processor sends: samples without a gap, or null after the last ones, when it has been asked to flush. */
export type FromProcessor = SampleBlock | null;

/** Samples of each channel. */
export interface SampleBlock {
  /** How many samples came before, those that were dropped too. */
  readonly at: number;
  /** The context's number of the first sample. */
  readonly frame: number;
  readonly channels: readonly Float32Array[];
}

/** What the processor is told. */
export interface ToProcessor {
  /** Begin: the graph is complete. */
  readonly begin?: true;
  /** So many samples more have been read. */
  readonly read?: number;
  /** So many samples were lost before they came here. */
  readonly lost?: number;
  /** Send what is there, then null. */
  readonly flush?: true;
  /** End. */
  readonly stop?: true;
}

/** So many calls in a row must come before the first samples: while a graph is put together, browsers leave some out. */
export const EARLY = 16;

/**
 * The source of the processor, which sends the samples that come to an AudioWorklet (Web Audio API, section 1.32). It runs where there are neither modules nor a bundler, so it
 * is a text: of a Blob's address, or of the file `sound-worklet.js` of the package.
 *
 * It sends at most `most` samples that have not been read, so that a page that is busy costs no memory. It drops what comes then, until half of them have been read: what
 * follows is at least that long without a gap. Dropped samples are counted in the numbers of those that follow.
 */
export const PROCESSOR_SOURCE = `registerProcessor('${PROCESSOR}', class extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    Object.assign(this, processorOptions, { at: 0, filled: 0, unread: 0, isFull: false, hasBegun: false, isOver: false, next: null, early: ${EARLY} });
    this.port.onmessage = ({ data: { begin, read = 0, lost = 0, flush, stop } }) => {
      if (begin) this.hasBegun = true;
      this.unread -= read;
      if (lost || flush) this.send();
      this.at += lost;
      if (flush) this.port.postMessage(null);
      if (stop) this.isOver = true;
    };
  }
  begin(frame) {
    this.parts = Array.from({ length: this.channels }, () => new Float32Array(this.block));
    this.frame = frame;
  }
  send() {
    const { filled, parts, frame } = this;
    if (filled === 0) return;
    const channels = filled === this.block ? parts : parts.map((part) => part.slice(0, filled));
    this.port.postMessage({ at: this.at - filled, frame, channels }, channels.map((part) => part.buffer));
    this.unread += filled;
    this.filled = 0;
  }
  process([input], [output]) {
    if (!this.hasBegun || this.isOver) return !this.isOver;
    const count = (input[0] || output[0]).length;
    const skipped = Math.max(0, currentFrame - (this.next ?? currentFrame));
    // Chromium sometimes gives a number twice, and catches up with the next.
    this.next = Math.max(currentFrame, this.next ?? 0) + count;
    if (this.early > 0) {
      this.early = skipped > 0 ? ${EARLY} : this.early - 1;
      return true;
    }
    if (skipped > 0) {
      this.send();
      this.at += skipped;
    }
    if (this.filled === 0) {
      this.isFull = this.unread + this.block > this.most || (this.isFull && 2 * this.unread > this.most);
      if (!this.isFull) this.begin(this.next - count);
    } else if (this.filled + count > this.block) {
      this.send();
      this.begin(this.next - count);
    }
    if (!this.isFull) {
      // Nothing comes from a source that is silent.
      input.forEach((samples, c) => this.parts[c] && this.parts[c].set(samples, this.filled));
      this.filled += count;
    }
    this.at += count;
    if (this.filled === this.block) this.send();
    return true;
  }
});
`;
