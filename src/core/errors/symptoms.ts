/** What people see who have no error to paste, and the VMs that it can be about. */
import type { Vm } from '../machine/machine.js';
import { plainState } from '../machine/vm-state.js';
import type { MessageKey } from '../../text/index.js';

export const symptoms = ['no-internet', 'wsl-off', 'memory'] as const;
export type Symptom = (typeof symptoms)[number];

export const symptomNames = {
  'no-internet': 'errors.seesNoInternet',
  'wsl-off': 'errors.seesWslOff',
  memory: 'errors.seesMemory',
} as const satisfies Record<Symptom, MessageKey>;

const runs = ({ state }: Vm): boolean => state !== undefined && plainState(state) === 'Running';
const isInside = ({ inside }: Vm): boolean => inside === 'certainly' || inside === 'probably';

/** Whether a VM can show it, as far as is known from outside. */
export function canShow(symptom: Symptom, vm: Vm): boolean {
  switch (symptom) {
    case 'no-internet':
      return vm.nesting === true && runs(vm);
    case 'wsl-off':
      return vm.nesting !== true || !isInside(vm);
    case 'memory':
      return isInside(vm);
  }
}

/** What WSL prints then: it is explained as if it had been pasted. */
export const wslSays = 'Wsl/Service/CreateInstance/CreateVm/HCS/HCS_E_HYPERV_NOT_INSTALLED';
