/** What can be done with a VM of this PC: behind the … of its page, and by right click in the list. */
import { vmIn, type VmRef } from '../../src/core/cmdlets/ref.js';
import { canShow, symptomNames, symptoms } from '../../src/core/errors/symptoms.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { canConnect, canResume, canShutDown, canStart, powerOf } from '../../src/core/machine/vm-state.js';
import { app, t } from '../state/app.svelte.js';
import { connect, copyId, doNow, review } from '../state/quick.js';
import { route } from '../state/route.svelte.js';
import { causeOf } from '../state/symptoms.js';
import type { MenuItem } from '../ui/menu.js';

const refOf = ({ id }: Vm): VmRef => vmIn(app.at, id);
const runs = (vm: Vm): boolean => powerOf(vm) === 'running';

/** All of it, what a double click does first. */
export const menuOf = (vm: Vm): readonly MenuItem[] => [
  ...connecting(vm),
  ...offWhere(app.whyOff(refOf(vm)), [...starting(vm), ...changing(vm)]),
  ...others(vm),
];

/** What has no button beside it. */
export const moreOf = (vm: Vm): readonly MenuItem[] => [
  ...(runs(vm) ? [] : connecting(vm)),
  ...offWhere(app.whyOff(refOf(vm)), changing(vm)),
  ...others(vm),
];

const offWhere = (why: string | undefined, items: readonly MenuItem[]): readonly MenuItem[] =>
  why === undefined ? items : items.map((item) => ({ ...item, disabled: true, why }));

const connecting = (vm: Vm): readonly MenuItem[] =>
  canConnect(vm)
    ? offWhere(app.ended && t('rights.endedOff'), [
        { label: t('machines.connect'), icon: 'external', run: () => void connect(refOf(vm), vm.name) },
      ])
    : [];

const starting = (vm: Vm): readonly MenuItem[] =>
  canStart(vm) || canResume(vm)
    ? [
        {
          label: t(canResume(vm) ? 'machines.resume' : 'machines.start'),
          icon: 'play',
          run: () => void doNow(refOf(vm), vm.name, { power: 'running' }),
        },
      ]
    : [];

const changing = (vm: Vm): readonly MenuItem[] => [
  {
    label: t('machines.shutDown'),
    icon: 'power',
    disabled: !canShutDown(vm),
    why: canShutDown(vm)
      ? undefined
      : t(runs(vm) ? 'machines.whyNotService' : canResume(vm) ? 'machines.whyNotPaused' : 'machines.whyNotRunning'),
    run: () => review([refOf(vm)], { power: 'off' }),
  },
  vm.nesting
    ? { label: t('machines.turnOffMenu'), icon: 'nest-off', run: () => review([refOf(vm)], { nesting: false }) }
    : {
        label: t('machines.turnOnMenu'),
        icon: 'nest-on',
        disabled: vm.nesting === undefined,
        run: () => review([refOf(vm)], { nesting: true }),
      },
  { label: t('inside.rolesChange'), icon: 'nest-inside', run: () => review([refOf(vm)], { roles: {} }) },
];

const others = (vm: Vm): readonly MenuItem[] => [
  ...symptoms
    .filter((one) => canShow(one, vm))
    .map((one) => ({
      label: t(symptomNames[one]),
      icon: 'errors' as const,
      run: () => route.go(causeOf(one, refOf(vm), vm)),
    })),
  { label: t('machines.copyId'), icon: 'copy', run: () => void copyId(vm) },
];
