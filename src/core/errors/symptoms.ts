/** What people see who have no error to paste, and the VMs that it can be about. */
import type { Vm } from '../machine/machine.js';
import { isRunningInside, powerOf } from '../machine/vm-state.js';
import type { MessageKey } from '../../text/index.js';

export const symptoms = ['no-internet', 'wsl-off', 'memory'] as const;
export type Symptom = (typeof symptoms)[number];
/** About one VM, which is asked for. The other one is a text that is printed. */
export type PickedSymptom = Exclude<Symptom, 'wsl-off'>;

export const symptomNames = {
  'no-internet': 'errors.seesNoInternet',
  'wsl-off': 'errors.seesWslOff',
  memory: 'errors.seesMemory',
} as const satisfies Record<Symptom, MessageKey>;

const runs = (vm: Vm): boolean => powerOf(vm) === 'running';

/** Whether a VM can show it, as far as is known from outside. */
export function canShow(symptom: Symptom, vm: Vm): boolean {
  switch (symptom) {
    case 'no-internet':
      return vm.nesting === true && runs(vm);
    case 'wsl-off':
      return vm.nesting !== true || !isRunningInside(vm);
    case 'memory':
      return isRunningInside(vm);
  }
}

/** What WSL prints then: it is explained as if it had been pasted. */
export const wslSays = 'Wsl/Service/CreateInstance/CreateVm/HCS/HCS_E_HYPERV_NOT_INSTALLED';
