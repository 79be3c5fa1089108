/** Transitions (facts: objects.json → Get-VM → stateTransitions). Already there: a warning; not allowed from here: InvalidState. */
import { sleep } from '../clock.js';
import { CmdletError } from '../errors.js';
import { fileAt } from '../files.js';
import { askToShutDown, comeBack, enterState, freeMemory, settleInstallation, transitionSeconds } from '../guest.js';
import { findGuest } from '../install.js';
import { serviceStatus } from '../objects.js';
import { offersNesting, supportedVersions, type SimulatedVm, type VmState } from '../world.js';
import { dropCheckpoint, takeCheckpoint } from './checkpoints.js';
import {
  changeVms,
  confirmed,
  forEachVm,
  serving,
  targetOf,
  valuesOf,
  warn,
  type Invocation,
  type ServedCmdlet,
  type SimulatedCmdlet,
} from './cmdlet.js';

const invalid = (vm: SimulatedVm) => new CmdletError('state-invalid', {}, targetOf(vm));

/** Asked anew after waiting: somebody else may have changed it. */
const isOff = (vm: SimulatedVm) => vm.state === 'Off';

function enter(invocation: Invocation, vm: SimulatedVm, state: VmState) {
  enterState(vm, state, invocation.clock);
  invocation.changed(vm);
}

/** The VM as a transition left it; somebody else may have ended the transition in between. */
async function pass(invocation: Invocation, vm: SimulatedVm, via: VmState, seconds: number): Promise<void> {
  enter(invocation, vm, via);
  const since = vm.lastStateChange;
  await sleep(invocation.clock, seconds);
  if (vm.state !== via || vm.lastStateChange !== since) throw invalid(vm);
}

/** Facts, sideEffects: shutting down and turning off delete the parent checkpoint when it is an automatic one. */
function wentOff(invocation: Invocation, vm: SimulatedVm) {
  const parent = vm.checkpoints.find(({ id }) => id === vm.parentCheckpoint);
  settleInstallation(vm, invocation.clock);
  if (parent?.automatic) {
    dropCheckpoint(invocation.machine, vm, parent.id);
    vm.lastConfigurationChange = invocation.clock.now();
  }
  enter(invocation, vm, 'Off');
}

/** What stands in the way of running, found only when it starts. */
function mayStart({ machine, clock }: Invocation, vm: SimulatedVm) {
  if (!machine.hypervisorRunning) throw new CmdletError('start-no-hypervisor');
  if (vm.problem ?? vm.settings.disks.some((path) => !fileAt(machine, path))) throw new CmdletError('start-no-disk');
  if (vm.settings.nesting && !offersNesting(machine, vm.version)) throw new CmdletError('start-nested-unsupported');
  if (vm.settings.startup > freeMemory(machine, clock))
    throw new CmdletError('start-no-memory', { mb: Math.round(vm.settings.startup / 2 ** 20) });
}

async function resume(invocation: Invocation, vm: SimulatedVm) {
  await pass(invocation, vm, 'Resuming', transitionSeconds.resume);
  comeBack(vm, invocation.clock);
  invocation.changed(vm);
}

const start: SimulatedCmdlet = async (invocation) => {
  const { clock } = invocation;
  await forEachVm(invocation, changeVms(invocation), async (vm) => {
    if (vm.state === 'Running') return warn(invocation, 'stateSame');
    if (vm.state === 'Paused') {
      // Facts: start-paused: the warning, then it is resumed anyway.
      warn(invocation, 'startPaused', valuesOf(vm));
      return resume(invocation, vm);
    }
    if (!['Off', 'Saved', 'FastSaved', 'Hibernated', 'OffCritical'].includes(vm.state)) throw invalid(vm);
    const { automaticCheckpoints, checkpointType } = vm.settings;
    const before = vm.state;
    if (before === 'Off' && automaticCheckpoints && checkpointType !== 'Disabled' && vm.parentCheckpoint === null)
      takeCheckpoint(invocation, vm, true);
    mayStart(invocation, vm);
    if (before === 'Off') findGuest(invocation.machine, vm);
    await pass(invocation, vm, 'Starting', transitionSeconds.start);
    if (before === 'Saved') comeBack(vm, clock);
    else enterState(vm, 'Running', clock);
    invocation.changed(vm);
  });
  return {};
};

const stop: SimulatedCmdlet = async (invocation) => {
  const { parameters, clock } = invocation;
  const turnOff = parameters['TurnOff'] === true;
  const save = parameters['Save'] === true;
  const force = parameters['Force'] === true;
  if (turnOff && save) throw new CmdletError('stop-exclusive');
  await forEachVm(invocation, changeVms(invocation), async (vm) => {
    if (save) return saveVm(invocation, vm);
    if (vm.state === 'Off') return warn(invocation, 'stateSame');
    if (turnOff) return turnVmOff(invocation, vm);
    if (vm.state !== 'Running') throw invalid(vm);
    if (serviceStatus(vm, 'Shutdown', clock) !== 'Ok') {
      // Facts: stop-no-shutdown-ic asks, and nobody is there to answer; -Force turns the power off.
      if (force) return turnVmOff(invocation, vm);
      throw new CmdletError('prompt-noninteractive');
    }
    enter(invocation, vm, 'Stopping');
    const answer = await askToShutDown(vm, clock);
    if (answer === 'shut-down') return wentOff(invocation, vm);
    if (answer === 'gone') {
      if (isOff(vm)) return;
      throw invalid(vm);
    }
    enter(invocation, vm, 'Running');
    // A locked guest refuses: 32781 (domain §2), an unmapped code in the frame of state-change-failed.
    if (!force) throw new CmdletError('state-change-failed', { code: 32781 });
    await turnVmOff(invocation, vm);
    throw new CmdletError('state-change-failed', { code: 32781 });
  });
  return {};
};

async function turnVmOff(invocation: Invocation, vm: SimulatedVm) {
  // Stopping too: a guest that was asked and hangs can still be turned off.
  if (!['Running', 'Paused', 'Saved', 'FastSaved', 'Stopping', 'RunningCritical', 'PausedCritical'].includes(vm.state))
    throw invalid(vm);
  if (vm.state !== 'Saved') await pass(invocation, vm, 'Stopping', transitionSeconds.turnOff);
  wentOff(invocation, vm);
}

async function saveVm(invocation: Invocation, vm: SimulatedVm) {
  if (vm.state === 'Saved') return warn(invocation, 'stateSame');
  if (vm.state !== 'Running' && vm.state !== 'Paused') throw invalid(vm);
  await pass(invocation, vm, 'Saving', transitionSeconds.save);
  enter(invocation, vm, 'Saved');
}

const resumeVm: SimulatedCmdlet = async (invocation) => {
  await forEachVm(invocation, changeVms(invocation), async (vm) => {
    if (vm.state === 'Running') return warn(invocation, 'stateSame');
    if (vm.state !== 'Paused') throw invalid(vm);
    await resume(invocation, vm);
  });
  return {};
};

const save: SimulatedCmdlet = async (invocation) => {
  await forEachVm(invocation, changeVms(invocation), (vm) => saveVm(invocation, vm));
  return {};
};

const suspend: SimulatedCmdlet = async (invocation) => {
  await forEachVm(invocation, changeVms(invocation), async (vm) => {
    if (vm.state === 'Paused') return warn(invocation, 'stateSame');
    if (vm.state !== 'Running') throw invalid(vm);
    await pass(invocation, vm, 'Pausing', transitionSeconds.pause);
    enter(invocation, vm, 'Paused');
  });
  return {};
};

const removeSavedState: SimulatedCmdlet = async (invocation) => {
  await forEachVm(invocation, changeVms(invocation), (vm) => {
    if (vm.state === 'Off') return warn(invocation, 'stateSame');
    if (vm.state !== 'Saved' && vm.state !== 'FastSaved') throw invalid(vm);
    enter(invocation, vm, 'Off');
  });
  return {};
};

/** One-way; drops a saved state (facts: update-version-confirm). ConfirmImpact High: without -Confirm:$false it asks. */
const updateVersion: SimulatedCmdlet = async (invocation) => {
  const { parameters, machine, clock } = invocation;
  await forEachVm(invocation, changeVms(invocation), (vm) => {
    if (parameters['Confirm'] !== false && parameters['Force'] !== true) throw new CmdletError('prompt-noninteractive');
    const newest = supportedVersions(machine.windows.build).at(-1);
    if (newest === undefined || newest === vm.version) return warn(invocation, 'updateVersionMax', valuesOf(vm));
    if (!['Off', 'Saved', 'FastSaved'].includes(vm.state))
      throw new CmdletError('update-version-running', valuesOf(vm), targetOf(vm));
    vm.version = newest;
    vm.lastConfigurationChange = clock.now();
    if (vm.state !== 'Off') enterState(vm, 'Off', clock);
    invocation.changed(vm);
  });
  return {};
};

export const power: Readonly<Record<string, ServedCmdlet>> = {
  'Start-VM': serving(start, 'VM Name', confirmed),
  'Stop-VM': serving(stop, 'VM Name Save TurnOff Force', confirmed),
  'Save-VM': serving(save, 'VM Name', confirmed),
  'Suspend-VM': serving(suspend, 'VM Name', confirmed),
  'Resume-VM': serving(resumeVm, 'VM Name', confirmed),
  'Remove-VMSavedState': serving(removeSavedState, 'VM VMName', confirmed),
  'Update-VMVersion': serving(updateVersion, 'VM Name Force', confirmed),
};
