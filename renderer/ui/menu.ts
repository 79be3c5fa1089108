import type { IconName } from './icons.js';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName | undefined;
  readonly disabled?: boolean | undefined;
  /** Why it is disabled, or what it costs. */
  readonly why?: string | undefined;
  readonly run: () => void;
}

/** A place in the window. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}
