/** The state of a VM as tray and window say it: 29 states of Windows, said in as few words as are true. */
import type { MessageKey } from '../../text/index.js';
import type { VmState } from './machine.js';

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
