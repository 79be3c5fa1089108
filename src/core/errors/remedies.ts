/** Whether a topic can be mended at a VM, and with what wish. Pure; the words for it are the window's. */
import { vmIn, type VmRef } from '../cmdlets/ref.js';
import type { Wish } from '../machine/goal.js';
import type { Machine, Vm } from '../machine/machine.js';
import { rolesFor } from '../checks/purposes.js';
import { turnedOn } from '../machine/roles.js';
import { ifRead } from '../machine/reading.js';
import { readinessOf, type Readiness } from '../machine/role-state.js';
import type { Mend } from './topics.js';
import { plainState } from '../machine/vm-state.js';

/** undefined: what it depends on is not known. */
export function canMend(mend: Mend, vm: Vm): boolean | undefined {
  const { nesting, state } = vm;
  const runs = state === undefined ? undefined : plainState(state) === 'Running';
  switch (mend) {
    case 'nesting-on':
      return nesting === undefined ? undefined : !nesting;
    case 'nesting-off':
      return nesting;
    case 'start':
      return runs === undefined ? undefined : !runs;
    case 'account':
    case 'network':
      return runs;
    case 'memory':
      return true;
    case 'wsl':
    case 'hyper-v':
    case 'android':
      return rolesFor(mend).some((role) => isOpen(readinessOf(vm, role)));
  }
}

/** Turning it on, or its services, would change something. Whether a hypervisor starts is for the setup to say. */
const isOpen = (is: Readiness): boolean =>
  is.kind === 'unknown' ? is.of === 'feature' : is.kind !== 'ready' && is.kind !== 'hypervisor';

/** What is asked of the wizard; null: it has a page of its own. */
export function wishOf(mend: Mend): Wish | null {
  switch (mend) {
    case 'nesting-on':
      return { nesting: true };
    case 'nesting-off':
      return { nesting: false };
    case 'start':
      return { power: 'running' };
    case 'network':
      return { network: 'choose' };
    case 'wsl':
    case 'hyper-v':
    case 'android':
      return { roles: turnedOn(rolesFor(mend)) };
    case 'memory':
    case 'account':
      return null;
  }
}

/** The VM that the text names, by its longest name; else the one that was opened last, or the only one. Nobody guesses another. */
export function vmMeant(machine: Machine, text: string, opened: VmRef | undefined): Vm | undefined {
  const vms = ifRead(machine.vms, [], (all) => all);
  const [named] = vms.filter(({ name }) => isNamed(name, text)).toSorted((a, b) => b.name.length - a.name.length);
  return named ?? vms.find(({ id }) => vmIn(machine.at, id) === opened) ?? (vms.length === 1 ? vms[0] : undefined);
}

/** As a word of its own: a machine called "a", or of blanks alone, is not named by every text. */
function isNamed(name: string, text: string): boolean {
  const bare = name.trim();
  if (bare === '') return false;
  const isWord = (char: string | undefined): boolean => char !== undefined && /[A-Za-z0-9]/.test(char);
  for (let at = text.indexOf(bare); at >= 0; at = text.indexOf(bare, at + 1)) {
    const isCut = isWord(bare[0]) && isWord(text[at - 1]);
    if (!isCut && !(isWord(bare.at(-1)) && isWord(text[at + bare.length]))) return true;
  }
  return false;
}
