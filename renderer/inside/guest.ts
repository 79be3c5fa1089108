/** What is known of going inside a machine. */
import type { Guid, MachineRef } from '../../src/core/cmdlets/call.js';
import { keyOf } from '../../src/core/machine/tree.js';
import type { GuestState } from '../../src/ipc/schema.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { plainState } from '../../src/core/machine/vm-state.js';
import { api } from '../api.js';
import { app } from '../state/app.svelte.js';

const never: GuestState = { status: 'closed', userName: null, remembered: false };

export const guestAt = (at: MachineRef): GuestState => app.state?.guests[keyOf(at)] ?? never;

/** Nobody has signed in since the start, and an account is kept: a click sends its password, nothing else does. */
export const isKept = ({ status, remembered }: GuestState): boolean => status === 'closed' && remembered;

/** With the account that is known for it. */
export const signInAgain = (at: MachineRef): Promise<void> =>
  isKept(guestAt(at)) ? api.signInKept({ at: [...at] }) : api.lookInside({ at: [...at] });

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

/** It has to be started before anybody can look inside. `at`: the machine that it is in; this PC where it is not said. */
export function isOff({ vm: id, at }: { readonly vm: Guid; readonly at?: MachineRef }): boolean {
  const vm = app.vm(id, at);
  return vm !== undefined && readiness(vm) === 'off';
}

/** It runs and could be entered, and is not. */
export function isClosed(at: MachineRef): boolean {
  const vm = app.vm(at.at(-1), at.slice(0, -1));
  return vm !== undefined && readiness(vm) === 'ready' && guestAt(at).status !== 'open';
}
