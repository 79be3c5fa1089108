/** What stands in the way of nesting in one VM: state, health, configuration version, checkpoints, stop action, network. */
import type { Machine, Vm } from '../machine/machine.js';
import {
  compareVersions,
  isSaved,
  isTransitional,
  lowestVersion,
  newestOf,
  plainState,
  powerOf,
} from '../machine/vm-state.js';
import { facts, say, type Check, type Fact } from './check.js';
import { natOfVm } from './nat.js';
import { byId, ifRead } from '../machine/reading.js';

export function vmChecks(machine: Machine, vm: Vm): readonly Check[] {
  return [
    state(vm),
    health(vm),
    version(machine, vm),
    ...checkpoints(vm),
    stopAction(vm),
    nestedInside(vm),
    ...nestedNetwork(vm),
    ...networkSwitch(machine, vm),
    ...natOfVm(machine, vm),
  ];
}

function state(vm: Vm): Check {
  const base = { id: 'vm-state', vm: vm.id, evidence: facts('Get-VM State', vm.state) } as const;
  const params = { vm: vm.name };
  if (vm.state === undefined) return { ...base, ...say('unknown', 'checks.stateUnread', params) };
  if (isTransitional(vm.state))
    return { ...base, ...say('warning', 'checks.stateMoving', { ...params, state: vm.state }) };
  if (isSaved(vm.state)) return { ...base, ...say('blocker', 'checks.stateSaved', params) };
  switch (plainState(vm.state)) {
    case 'Off':
      return { ...base, ...say('ok', 'checks.stateOff') };
    case 'Paused':
      return { ...base, ...say('warning', 'checks.statePaused', params) };
    default:
      // Where nesting is on already, running is as it should be.
      return { ...base, ...say(vm.nesting === true ? 'ok' : 'advice', 'checks.stateRunning', params) };
  }
}

function health(vm: Vm): Check {
  const base = {
    id: 'vm-health',
    vm: vm.id,
    evidence: facts('Get-VM PrimaryStatusDescription', vm.problem === null ? 'Ok' : vm.problem),
  } as const;
  const unread = vm.unread.length;
  if (vm.problem) return { ...base, ...say('warning', 'checks.healthProblem', { vm: vm.name }) };
  if (unread > 0 || vm.problem === undefined)
    return {
      ...base,
      ...say('unknown', 'checks.healthUnread', { count: Math.max(1, unread), vm: vm.name }),
      evidence: vm.unread.map(({ cmdlet, property, record }) => ({
        source: [cmdlet, property].filter(Boolean).join(' '),
        value: record?.message ?? null,
      })),
    };
  return { ...base, ...say('ok', 'checks.healthFine') };
}

/** Intel from 8.0 on, AMD from 9.3 on: the processor feature enters the configuration there (domain §1). */
function version({ host }: Machine, vm: Vm): Check {
  const vendor = host.processor?.vendor;
  const base = {
    id: 'configuration-version',
    vm: vm.id,
    evidence: [
      ...facts('Get-VM Version', vm.version),
      ...facts(
        'Get-VMHost SupportedVmVersions',
        ifRead(host.supportedVersions, undefined, (all) => all.join(', ')),
      ),
    ],
  } as const;
  if (vm.version === undefined || vendor === undefined || vendor === 'other')
    return { ...base, ...say('unknown', 'checks.versionUnread', { vm: vm.name }) };
  const lowest = lowestVersion(vendor);
  const name = vendor === 'amd' ? 'AMD' : 'Intel';
  const params = { version: vm.version, lowest, vendor: name };
  const newest = newestOf(host.supportedVersions);
  const fix =
    newest !== undefined && compareVersions(newest, vm.version) > 0
      ? ({
          fix: { kind: 'vm', want: { version: newest } },
          fixLabel: { key: 'checks.fixVersion', params: { version: newest } },
        } as const)
      : {};
  if (compareVersions(vm.version, lowest) < 0)
    return { ...base, ...say('blocker', 'checks.versionOld', params), ...fix };
  return { ...base, ...say('ok', 'checks.versionFine', params) };
}

/** Checkpoints hold their own settings: applying one brings the old values back. Windows 11 takes automatic ones by default (domain §2). */
function checkpoints(vm: Vm): readonly Check[] {
  const base = { id: 'checkpoints', vm: vm.id } as const;
  if (vm.checkpoints === undefined || vm.automaticCheckpoints === undefined)
    return [
      {
        ...base,
        ...say('unknown', 'checks.checkpointsUnread', { vm: vm.name }),
        evidence: [
          ...facts(
            'Get-VMSnapshot',
            ifRead(vm.checkpoints, undefined, (all) => all.length),
          ),
          ...facts('Get-VM AutomaticCheckpointsEnabled', vm.automaticCheckpoints),
        ],
      },
    ];
  const evidence = [
    ...facts('Get-VMSnapshot', vm.checkpoints.length),
    ...facts('Get-VM AutomaticCheckpointsEnabled', vm.automaticCheckpoints),
  ];
  const off = {
    fix: { kind: 'vm', want: { automaticCheckpoints: false } },
    fixLabel: { key: 'checks.fixAutomaticCheckpoints' },
  } as const;
  if (vm.automaticCheckpoints) return [{ ...base, ...say('advice', 'checks.checkpointsAutomatic'), evidence, ...off }];
  if (vm.checkpoints.length > 0)
    return [{ ...base, ...say('advice', 'checks.checkpointsHold', { count: vm.checkpoints.length }), evidence }];
  return [{ ...base, ...say('ok', 'checks.checkpointsNone'), evidence }];
}

/** Save on L1 saves it with running L2s, which are often stuck afterwards (domain §3). */
function stopAction(vm: Vm): Check {
  const base = { id: 'stop-action', vm: vm.id, evidence: facts('Get-VM AutomaticStopAction', vm.stopAction) } as const;
  if (vm.stopAction === undefined) return { ...base, ...say('unknown', 'checks.stopActionUnread', { vm: vm.name }) };
  if (vm.stopAction === 'Save')
    return {
      ...base,
      ...say('advice', 'checks.stopActionSave', { vm: vm.name }),
      fix: { kind: 'vm', want: { stopAction: 'ShutDown' } },
      fixLabel: { key: 'checks.fixStopAction' },
    };
  return vm.stopAction === 'ShutDown'
    ? { ...base, ...say('ok', 'checks.stopActionShutDown') }
    : {
        ...base,
        ...say('advice', 'checks.stopActionTurnOff', { vm: vm.name }),
        fix: { kind: 'vm', want: { stopAction: 'ShutDown' } },
        fixLabel: { key: 'checks.fixStopAction' },
      };
}

/** VMs that run or are saved inside go down with it: named before (design §5). */
function nestedInside(vm: Vm): Check {
  const alive = ifRead(vm.nested, [], (all) =>
    all.filter(({ state: nestedState }) => plainState(nestedState) !== 'Off'),
  );
  const base = {
    id: 'nested-inside',
    vm: vm.id,
    evidence: [
      ...insideFacts(vm),
      ...alive.map(({ name, state: nestedState }) => ({ source: name, value: nestedState })),
    ],
  } as const;
  const params = { vm: vm.name };
  if (alive.length > 0)
    return {
      ...base,
      ...say('advice', 'checks.nestedAlive', {
        count: alive.length,
        vm: vm.name,
        names: alive.map(({ name }) => name),
      }),
    };
  switch (vm.inside) {
    case 'certainly':
      return { ...base, ...say('advice', 'checks.nestedCertain', params) };
    case 'probably':
      return { ...base, ...say('advice', 'checks.nestedMaybe', params) };
    case 'unknown':
      return {
        ...base,
        verdict: 'unknown',
        title: { key: 'checks.nestedUnknown', params },
        why: { key: whyUnknown(vm.insideEvidence.kind) },
      };
    case 'no':
      return {
        ...base,
        ...say('ok', vm.insideEvidence.kind === 'counters' ? 'checks.nestedNoneMeasured' : 'checks.nestedNone'),
      };
  }
}

/** VMs that run inside and are on no switch. Nothing is said of those whose adapters could not be read. */
function nestedNetwork({ id, name, guest }: Vm): readonly Check[] {
  const running = ifRead(guest?.vms, [], (all) => all.filter((vm) => powerOf(vm) === 'running'));
  const alone = running.filter(({ adapters }) =>
    ifRead(adapters, false, (all) => all.every(({ switchId }) => switchId === null)),
  );
  if (alone.length === 0) return [];
  const names = alone.map((one) => one.name);
  return [
    {
      id: 'nested-network',
      vm: id,
      ...say('warning', 'checks.nestedAlone', { names, vm: name }),
      evidence: alone.flatMap((one) => facts(`${one.name}: Get-VMNetworkAdapter SwitchName`, '–')),
      fix: { kind: 'vm', want: { network: 'choose' } },
      fixLabel: { key: 'checks.fixNestedAlone' },
    },
  ];
}

/** Not measured yet, not counted, and not read are not the same. */
export function whyUnknown(kind: Vm['insideEvidence']['kind']) {
  switch (kind) {
    case 'no-counters':
      return 'checks.nestedNoCountersWhy';
    case 'shared-name':
      return 'checks.nestedSharedNameWhy';
    case 'not-read':
      return 'checks.nestedNotReadWhy';
    default:
      return 'checks.nestedNotMeasuredWhy';
  }
}

const counters = 'Win32_PerfRawData_HvStats_HyperVHypervisorVirtualProcessor.NestedVMEntriesPersec';

/** What the badge rests on. */
function insideFacts(vm: Vm): readonly Fact[] {
  const evidence = vm.insideEvidence;
  switch (evidence.kind) {
    case 'nesting-off':
      return facts('Get-VMProcessor ExposeVirtualizationExtensions', vm.nesting);
    case 'off':
      return facts('Get-VM State', vm.state);
    case 'not-read':
      return [
        ...facts('Get-VMProcessor ExposeVirtualizationExtensions', vm.nesting),
        ...facts('Get-VM State', vm.state),
      ];
    case 'no-counters':
      return [...facts('Get-VM State', vm.state), ...facts(counters, undefined)];
    case 'shared-name':
      return [...facts('Get-VM Name', vm.name), ...facts(counters, undefined)];
    case 'not-measured':
      return facts(counters, undefined);
    case 'counters':
      return facts(counters, `${evidence.earlier} → ${evidence.later}, ${evidence.seconds.toFixed(1)} s`);
    case 'inside':
      return facts(`${vm.name}: Win32_PerfRawData_HvStats_HyperVHypervisor.LogicalProcessors`, evidence.processors);
  }
}

function networkSwitch({ host }: Machine, vm: Vm): readonly Check[] {
  if (ifRead(vm.adapters, undefined, (all) => all.length) === 0) return [];
  const names = ifRead(vm.adapters, undefined, (all) =>
    all.map(({ name, switchName }) => `${name ?? '?'} → ${switchName || '–'}`).join(', '),
  );
  const base = { id: 'switch', vm: vm.id, evidence: facts('Get-VMNetworkAdapter SwitchName', names) } as const;
  if (vm.adapters === undefined || vm.adapters.some(({ switchId }) => switchId === undefined))
    return [{ ...base, ...say('unknown', 'checks.switchUnread', { vm: vm.name }) }];
  if (vm.adapters.every(({ switchId }) => switchId === null))
    return [{ ...base, ...say('advice', 'checks.switchNone', { vm: vm.name }) }];
  // By the adapter's own word where the list of switches could not be read.
  const known = vm.adapters.flatMap(
    ({ switchId, switchName }) => byId(host.switches, switchId)?.name ?? switchName ?? [],
  );
  return [{ ...base, ...say('ok', 'checks.switchFine', { names: known }) }];
}
