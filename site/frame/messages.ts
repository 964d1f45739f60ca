/** What the frame of a running example tells the page around it. */
export type FrameMessage =
  | { readonly kind: 'line'; readonly level: Level; readonly text: string }
  /** The example's module has been evaluated; what it subscribed to goes on. */
  | { readonly kind: 'evaluated' }
  /** How high its content is, in pixels. */
  | { readonly kind: 'height'; readonly height: number };

export type Level = 'log' | 'info' | 'debug' | 'warn' | 'error';
export const LEVELS: readonly Level[] = ['log', 'info', 'debug', 'warn', 'error'];
