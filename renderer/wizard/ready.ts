/** From what a person wants to run inside a VM to a goal: roles there, and what goes along in the same restart. */
import { prerequisitesOf, type Prerequisite } from '../../src/core/checks/ready-inside.js';
import type { VmWant, Wish } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { idleServices } from '../../src/core/machine/role-state.js';
import { roleNames, turnedOn, type Role } from '../../src/core/machine/roles.js';
import {
  notHere,
  purposeOf,
  recommendedPurpose,
  rolesFor,
  stranded,
  type GuestSystem,
  type Purpose,
} from '../../src/core/checks/purposes.js';
import type { Message } from '../../src/text/index.js';

export interface GuestSetupDraft {
  /** undefined: what is recommended; null: none of them. */
  readonly purpose: Purpose | null | undefined;
  readonly nesting: boolean;
  readonly memory: boolean;
  /** Roles that are turned off again. */
  readonly off: readonly Role[];
}

/** As it was asked for; a role whose nested VMs would be stranded stays until it is ticked on the page. */
export function readyingOf(want: Wish, vm: Vm | undefined): GuestSetupDraft {
  const asked = want.roles ?? {};
  const on = roleNames.filter((role) => asked[role] === true);
  const off = roleNames.filter((role) => asked[role] === false);
  return {
    purpose: on.length > 0 ? purposeOf(on) : off.length > 0 ? null : undefined,
    nesting: true,
    memory: true,
    off: off.filter((role) => vm === undefined || stranded(role, vm)?.length === 0),
  };
}

/** What the page shows as chosen. */
export function chosenPurpose(readying: GuestSetupDraft, vm: Vm, system: GuestSystem | undefined): Purpose | null {
  const { purpose } = readying;
  if (purpose !== undefined) return purpose !== null && notHere(purpose, vm) !== null ? null : purpose;
  return recommendedPurpose(vm, system)?.purpose ?? null;
}

/** What has to be so first, and what of it a tick takes along. */
export interface Prerequisites {
  readonly checks: readonly Prerequisite[];
  /** bytes that are advised at startup, where it starts with less */
  readonly memory: number | undefined;
  readonly needsNesting: boolean;
}

export function prerequisitesFor(purpose: Purpose | null, vm: Vm): Prerequisites {
  const checks = prerequisitesOf(purpose ?? 'kvm', vm);
  const wants = checks.flatMap(({ fix }) => (fix?.kind === 'vm' ? [fix.want] : []));
  return {
    checks,
    memory: wants.find(({ memory }) => memory?.startup !== undefined)?.memory?.startup,
    needsNesting: wants.some(({ nesting }) => nesting === true),
  };
}

export type Ready =
  | { readonly kind: 'goal'; readonly want: VmWant; readonly note: Message }
  | { readonly kind: 'not-yet'; readonly note: Message };

const notYet = (note: Message): Ready => ({ kind: 'not-yet', note });

/** What would be asked for, or why nothing can be asked for yet. */
export function readyWant(readying: GuestSetupDraft, purpose: Purpose | null, vm: Vm, isRunning: boolean): Ready {
  const { name } = vm;
  const wanted = purpose === null ? [] : rolesFor(purpose);
  const needsInside = wanted.length > 0 || readying.off.length > 0;
  if (purpose === null && readying.off.length === 0)
    return notYet({ key: vm.guest || !isRunning ? 'inside.noteChoose' : 'inside.noteSignIn' });
  if (needsInside && !vm.guest)
    return notYet(isRunning ? { key: 'inside.noteSignIn' } : { key: 'inside.noteStart', params: { name } });
  const first = prerequisitesFor(purpose, vm);
  const takesNesting = purpose !== null && first.needsNesting && readying.nesting;
  const isBlocked =
    purpose !== null &&
    first.checks.some(
      ({ id, verdict, fix }) =>
        verdict === 'blocker' && !(id === 'nesting' && takesNesting) && !(id === 'guest-service' && fix !== undefined),
    );
  if (isBlocked) return notYet({ key: 'inside.noteBlocked' });
  const isOn = (role: Role): boolean => vm.guest?.inside?.roles[role] === 'Enabled';
  const roles: Partial<Record<Role, boolean>> = {
    ...Object.fromEntries(readying.off.filter((role) => !wanted.includes(role)).map((role) => [role, false])),
    ...turnedOn(wanted.filter((role) => !isOn(role) || idleServices(vm, role).length > 0)),
  };
  const restarts = takesNesting || readying.off.length > 0 || wanted.some((role) => !isOn(role));
  const takesMemory = purpose !== null && first.memory !== undefined && readying.memory;
  const isSomething = Object.keys(roles).length > 0 || takesNesting;
  if (!isSomething) return notYet({ key: purpose === 'kvm' ? 'inside.noteKvm' : 'inside.noteAlready' });
  return {
    kind: 'goal',
    want: {
      ...(Object.keys(roles).length > 0 ? { roles } : {}),
      ...(takesNesting ? { nesting: true } : {}),
      ...(takesMemory ? { memory: { startup: first.memory } } : {}),
    },
    note:
      !restarts && !takesMemory
        ? { key: 'inside.noteService', params: { name } }
        : isRunning
          ? { key: 'inside.noteRestart', params: { name } }
          : { key: 'inside.notePlain' },
  };
}
