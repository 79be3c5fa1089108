/** What both ends of IPC agree on, small enough for the sandboxed preload script: no zod here. */

export const callChannel = 'hypernest:call';
export const eventChannel = 'hypernest:event';

export type Refusal =
  /** Not the top frame of our own window. */
  | 'foreign-sender'
  | 'unknown-call'
  | 'bad-request'
  /** The handler threw: a bug of ours, in the log with its stack. */
  | 'failed';

export type Answer = { readonly ok: true; readonly reply: unknown } | { readonly ok: false; readonly error: Refusal };
