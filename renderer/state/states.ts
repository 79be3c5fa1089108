/** The state of a VM as a person says it: 29 states of Windows, said in as few words as are true. */
import type { VmState } from '../../src/core/machine/machine.js';
import type { MessageKey } from '../../src/text/index.js';

type StateKey = Extract<MessageKey, `machines.state${string}`>;

export function stateKey(state: VmState | undefined): StateKey {
  switch (state) {
    case undefined:
    case 'Other':
    case 'ComponentServicing':
      return 'machines.stateUnknown';
    case 'Running':
    case 'RunningCritical':
      return 'machines.stateRunning';
    case 'Off':
    case 'OffCritical':
      return 'machines.stateOff';
    case 'Saved':
    case 'SavedCritical':
    case 'FastSaved':
    case 'FastSavedCritical':
      return 'machines.stateSaved';
    case 'Paused':
    case 'PausedCritical':
      return 'machines.statePaused';
    case 'Starting':
    case 'StartingCritical':
    case 'Reset':
    case 'ResetCritical':
    case 'ForceReboot':
      return 'machines.stateStarting';
    case 'Stopping':
    case 'StoppingCritical':
    case 'ForceShutdown':
      return 'machines.stateStopping';
    case 'Saving':
    case 'SavingCritical':
    case 'FastSaving':
    case 'FastSavingCritical':
      return 'machines.stateSaving';
    case 'Pausing':
    case 'PausingCritical':
      return 'machines.statePausing';
    case 'Resuming':
    case 'ResumingCritical':
      return 'machines.stateResuming';
    case 'Hibernated':
      return 'machines.stateHibernated';
  }
}

/** It has processor time now. */
export function isUp(state: VmState | undefined): boolean {
  const key = stateKey(state);
  return ![
    'machines.stateOff',
    'machines.stateSaved',
    'machines.statePaused',
    'machines.stateHibernated',
    'machines.stateUnknown',
  ].includes(key);
}
