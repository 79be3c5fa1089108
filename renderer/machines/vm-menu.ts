/** What can be done with a VM of a PC: behind the … of its page, and by right click in the list. */
import { rootOf, type VmRef } from '../../src/core/cmdlets/ref.js';
import { canShow, symptomNames, symptoms } from '../../src/core/errors/symptoms.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { canConnect, canResume, canShutDown, canStart, powerOf } from '../../src/core/machine/vm-state.js';
import { app, t } from '../state/app.svelte.js';
import { connect, copyId, doNow, review } from '../state/quick.js';
import { route } from '../state/route.svelte.js';
import { causeOf } from '../state/symptoms.js';
import type { MenuItem } from '../ui/menu.js';

const runs = (vm: Vm): boolean => powerOf(vm) === 'running';

/** All of it, what a double click does first. */
export const menuOf = (ref: VmRef, vm: Vm): readonly MenuItem[] => [
  ...connecting(ref, vm),
  ...offWhere(app.whyOff(ref), [...starting(ref, vm), ...changing(ref, vm)]),
  ...others(ref, vm),
];

/** What has no button beside it. */
export const moreOf = (ref: VmRef, vm: Vm): readonly MenuItem[] => [
  ...(runs(vm) ? [] : connecting(ref, vm)),
  ...offWhere(app.whyOff(ref), changing(ref, vm)),
  ...others(ref, vm),
];

const offWhere = (why: string | undefined, items: readonly MenuItem[]): readonly MenuItem[] =>
  why === undefined ? items : items.map((item) => ({ ...item, disabled: true, why }));

const connecting = (ref: VmRef, vm: Vm): readonly MenuItem[] =>
  canConnect(vm)
    ? offWhere(app.pc(rootOf(ref))?.ended && app.whyOff(ref), [
        { label: t('machines.connect'), icon: 'external', run: () => void connect(ref, vm.name) },
      ])
    : [];

const starting = (ref: VmRef, vm: Vm): readonly MenuItem[] =>
  canStart(vm) || canResume(vm)
    ? [
        {
          label: t(canResume(vm) ? 'machines.resume' : 'machines.start'),
          icon: 'play',
          run: () => void doNow(ref, vm.name, { power: 'running' }),
        },
      ]
    : [];

const changing = (ref: VmRef, vm: Vm): readonly MenuItem[] => [
  {
    label: t('machines.shutDown'),
    icon: 'power',
    disabled: !canShutDown(vm),
    why: canShutDown(vm)
      ? undefined
      : t(runs(vm) ? 'machines.whyNotService' : canResume(vm) ? 'machines.whyNotPaused' : 'machines.whyNotRunning'),
    run: () => review([ref], { power: 'off' }),
  },
  vm.nesting
    ? { label: t('machines.turnOffMenu'), icon: 'nest-off', run: () => review([ref], { nesting: false }) }
    : {
        label: t('machines.turnOnMenu'),
        icon: 'nest-on',
        disabled: vm.nesting === undefined,
        run: () => review([ref], { nesting: true }),
      },
  { label: t('inside.rolesChange'), icon: 'nest-inside', run: () => review([ref], { roles: {} }) },
];

const others = (ref: VmRef, vm: Vm): readonly MenuItem[] => [
  ...symptoms
    .filter((one) => canShow(one, vm))
    .map((one) => ({
      label: t(symptomNames[one]),
      icon: 'errors' as const,
      run: () => route.go(causeOf(one, ref, vm)),
    })),
  { label: t('machines.copyId'), icon: 'copy', run: () => void copyId(vm) },
];
