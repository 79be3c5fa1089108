/** What is said of a VM in one line. */
import type { Adapter, Vm } from '../../src/core/machine/machine.js';
import type { Translator } from '../../src/text/index.js';
import { stateKey } from '../../src/core/machine/state-words.js';
import { isRunningInside } from '../../src/core/machine/vm-state.js';

/** Seconds that it is up now, counted on from when it was read. */
function upFor(vm: Vm, now: number): number | undefined {
  if (vm.uptime === undefined) return undefined;
  return vm.uptime + Math.max(0, (now - Date.parse(vm.readAt)) / 1000);
}

/** Below its name in the list: `4.0 GB · up 2 h`, `16.0 GB, frozen`, `Off`. */
export function stateLine(t: Translator, vm: Vm, now: number): string {
  const state = t(stateKey(vm.state));
  if (typeof vm.problem === 'string') return t('machines.rowProblem', { state, problem: vm.problem });
  if (stateKey(vm.state) !== 'machines.stateRunning') return state;
  const memory = vm.memory.assigned;
  if (isRunningInside(vm) && memory !== undefined) return t('machines.rowFrozen', { memory });
  const time = upFor(vm, now);
  if (memory !== undefined && memory > 0 && time !== undefined) return t('machines.rowRunning', { memory, time });
  return time === undefined ? state : t('machines.rowUp', { time });
}

/** Below its name on its own page: `Off · 4 virtual processors · configuration version 12.0`. */
export function detailLine(t: Translator, vm: Vm, now: number): readonly string[] {
  const time = upFor(vm, now);
  return [
    stateKey(vm.state) === 'machines.stateRunning' && time !== undefined
      ? t('machines.lineRunningFor', { time })
      : t(stateKey(vm.state)),
    ...(vm.processors === undefined ? [] : [t('machines.lineProcessors', { count: vm.processors })]),
    ...(vm.version === undefined ? [] : [t('machines.lineVersion', { version: vm.version })]),
  ];
}

/** What its memory is set to. */
export function memoryLine(t: Translator, { memory: { dynamic, startup, minimum, maximum } }: Vm): string {
  if (dynamic === undefined || startup === undefined) return t('machines.memoryUnknown');
  if (!dynamic || minimum === undefined || maximum === undefined)
    return t('machines.memoryStatic', { memory: startup });
  return t('machines.memoryDynamic', { memory: startup, minimum, maximum });
}

/** What becomes of it when this PC shuts down. */
export function stopLine(t: Translator, { name, stopAction, nesting }: Vm): string {
  if (stopAction === 'ShutDown') return t('machines.stopShutDown', { name });
  if (stopAction === 'TurnOff') return t('machines.stopTurnOff', { name });
  return nesting ? t('machines.stopSave', { name }) : t('machines.stopSavePlain', { name });
}

/** Whether VMs inside it get on the network of that adapter. */
export function spoofingLine(t: Translator, name: string, { macSpoofing, switchId, switchName }: Adapter): string {
  if (macSpoofing === undefined) return t('machines.spoofingUnread');
  if (switchId === null || !switchName) return t('machines.spoofingNoSwitch');
  return t(macSpoofing === 'On' ? 'machines.spoofingOn' : 'machines.spoofingOff', { switch: switchName, name });
}
