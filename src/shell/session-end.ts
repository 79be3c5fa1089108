/** Windows ends the sign-in (sign-out, shutdown, restart, an update): what becomes of a run that is under way. */
import { vmIn, thisPc, type VmRef } from '../core/cmdlets/ref.js';
import type { BaseWindow } from 'electron';
import type { Machine } from '../core/machine/machine.js';
import type { Translator } from '../text/index.js';
import { ifRead } from '../core/machine/reading.js';

/** What Windows says: it asks every window first, and tells when it really ends. */
export interface SessionEnd {
  readonly kind: 'query-session-end' | 'session-end';
  readonly reasons: readonly ('shutdown' | 'close-app' | 'critical' | 'logoff')[];
}

export interface SessionEndAnswer {
  /** Windows is asked to wait; it shows the title of the window that asks. */
  readonly hold: boolean;
  /** The runs go to their next safe end, and then the app ends. */
  readonly leave: boolean;
}

/** A question with nothing under way is answered with yes: the sign-in may go on all the same, and so does the app. */
export function sessionEndAnswer({ kind, reasons }: SessionEnd, isBusy: boolean): SessionEndAnswer {
  if (kind === 'session-end') return { hold: false, leave: true };
  // What is critical cannot be held up: Windows ends the app some seconds later, and those are used.
  return { hold: isBusy && !reasons.includes('critical'), leave: isBusy };
}

/** Windows asks windows only: the app hears of it by this one. */
export function heedSessionEnd(
  window: Pick<BaseWindow, 'on'>,
  { isBusy, leave }: { readonly isBusy: () => boolean; readonly leave: () => void },
): void {
  const heed = (kind: SessionEnd['kind'], event: Electron.WindowSessionEndEvent): void => {
    const answer = sessionEndAnswer({ kind, reasons: event.reasons }, isBusy());
    if (answer.hold) event.preventDefault();
    if (answer.leave) leave();
  };
  window.on('query-session-end', (event) => heed('query-session-end', event));
  window.on('session-end', (event) => heed('session-end', event));
}

/** The title of the window that holds Windows up; undefined: nothing is being changed. */
export function holdTitle(busy: ReadonlySet<VmRef>, machine: Machine | null, t: Translator): string | undefined {
  if (busy.size === 0) return undefined;
  const [only] = ifRead(machine?.vms, [], (all) => all.filter(({ id }) => busy.has(vmIn(thisPc, id))));
  return only && busy.size === 1 ? t('tray.holds', { name: only.name }) : t('tray.holdsMany', { count: busy.size });
}
