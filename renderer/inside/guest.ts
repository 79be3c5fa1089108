/** What is known of going inside a machine. */
import { rootOf, textOf, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { GuestState } from '../../src/ipc/guests.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { plainState } from '../../src/core/machine/vm-state.js';
import { api } from '../api.js';
import { app } from '../state/app.svelte.js';

const never: GuestState = { status: 'closed', userName: null, remembered: false };

export const guestAt = (at: VmRef): GuestState => app.of(rootOf(at))?.guests[textOf(at)] ?? never;

/** Nobody has signed in since the start, and an account is kept: a click sends its password, nothing else does. */
export const isKept = ({ status, remembered }: GuestState): boolean => status === 'closed' && remembered;

/** With the account that is known for it. */
export const signInAgain = (at: VmRef): Promise<void> =>
  isKept(guestAt(at)) ? api.signInKept({ at }) : api.lookInside({ at });

/** Whether it can be entered as it stands. */
export function readiness({ state }: Vm): 'ready' | 'off' | 'still' | 'moving' | 'unknown' {
  if (state === undefined) return 'unknown';
  switch (plainState(state)) {
    case 'Running':
      return 'ready';
    case 'Off':
      return 'off';
    case 'Saved':
    case 'FastSaved':
    case 'Hibernated':
    case 'Paused':
      return 'still';
    default:
      return 'moving';
  }
}

/** It has to be started before anybody can look inside. */
export function isOff({ vm: ref }: { readonly vm: VmRef }): boolean {
  const vm = app.vm(ref);
  return vm !== undefined && readiness(vm) === 'off';
}

/** It runs and could be entered, and is not. */
export function isClosed(at: VmRef): boolean {
  const vm = app.vm(at);
  return vm !== undefined && readiness(vm) === 'ready' && guestAt(at).status !== 'open';
}
