/** Where each symptom leads for one VM, which is at that address. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import type { Symptom } from '../../src/core/errors/symptoms.js';
import { wslSays } from '../../src/core/errors/symptoms.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { testFrom } from '../network/from.js';
import type { Route } from './route.svelte.js';

export function causeOf(symptom: Symptom, at: VmRef, vm: Vm): Route {
  switch (symptom) {
    case 'no-internet':
      return testFrom(at, vm.guest);
    case 'wsl-off':
      // By its name, as if it stood in the text: it is the one that is asked about.
      return { page: 'errors', text: `${vm.name}: ${wslSays}` };
    case 'memory':
      return { page: 'memory', vm: at };
  }
}
