/** Whether this PC can offer nesting: processor, Windows, role, services (domain §1). */
import { awaitsRestart, hasRight } from '../machine/access.js';
import { isHome } from '../machine/edition.js';
import type { HostFacts, Machine } from '../machine/machine.js';
import { lowestBuild } from '../machine/nesting.js';
import { belowOf, extensionNames, isHypervisorProven, isVm, processorKind } from '../machine/platform.js';
import { facts, say, type Check } from './check.js';
import { natsOfHost } from './nat.js';
import { enableFix, nextCauses, restartFix } from './host-fixes.js';
import { ifRead } from '../machine/reading.js';
import { inVain, waitsForStart } from '../machine/tried.js';

export function hostChecks(machine: Machine): readonly Check[] {
  const { host } = machine;
  return [
    architecture(host),
    windows(host),
    edition(host),
    processor(host),
    extensions(host),
    hypervisorBelow(host),
    role(host),
    hypervisor(host),
    service(host),
    ...natsOfHost(machine),
    ...virtualizationBasedSecurity(host),
  ];
}

function architecture(host: HostFacts): Check {
  const base = {
    id: 'architecture',
    evidence: facts('Win32_Processor.Architecture', host.processor?.architecture),
  } as const;
  switch (processorKind(host)) {
    case 'unknown':
      return { ...base, ...say('unknown', 'checks.processorUnread') };
    case 'intel':
    case 'amd':
    case 'other-x64':
      return { ...base, ...say('ok', 'checks.architectureX64') };
    case 'arm':
      return { ...base, ...say('blocker', 'checks.architectureOther', { name: 'ARM64' }) };
    case 'other':
      return { ...base, ...say('blocker', 'checks.architectureOther', { name: 'x86' }) };
  }
}

function windows(host: HostFacts): Check {
  const { windows: system } = host;
  const evidence = [
    ...facts('Win32_OperatingSystem.Caption', system?.caption),
    ...facts('Win32_OperatingSystem.BuildNumber', system?.build),
  ];
  const base = { id: 'windows', evidence } as const;
  if (!system) return { ...base, ...say('unknown', 'checks.windowsUnread') };
  const params = { windows: shortName(system.caption), build: String(system.build) };
  const kind = processorKind(host);
  switch (kind) {
    case 'unknown':
      return { ...base, ...say('unknown', 'checks.windowsUnsure', params) };
    case 'other-x64':
      return { ...base, ...say('unknown', 'checks.windowsOther', params) };
    case 'arm':
    case 'other':
      // What is in the way is said of the processor.
      return { ...base, ...say('ok', 'checks.windowsAny', params) };
    case 'intel':
    case 'amd': {
      const isEnough = system.build >= lowestBuild(kind, system.server);
      const named = { ...params, vendor: kind === 'amd' ? 'AMD' : 'Intel' };
      return {
        ...base,
        verdict: isEnough ? 'ok' : 'blocker',
        title: { key: isEnough ? 'checks.windowsFine' : 'checks.windowsTooOld', params: named },
        why: { key: kind === 'amd' ? 'checks.windowsAmdWhy' : 'checks.windowsIntelWhy' },
      };
    }
  }
}
/** `Microsoft Windows 11 Pro` → `Windows 11 Pro` */
const shortName = (caption: string): string => caption.replace(/^Microsoft\s+/, '').trim();

function edition({ windows: system }: HostFacts): Check {
  const base = { id: 'edition', evidence: facts('Win32_OperatingSystem.OperatingSystemSKU', system?.sku) } as const;
  if (!system) return { ...base, ...say('unknown', 'checks.windowsUnread') };
  const params = { windows: shortName(system.caption) };
  return isHome(system.sku)
    ? { ...base, ...say('blocker', 'checks.editionHome', params) }
    : { ...base, ...say('ok', 'checks.editionFine', params) };
}

function processor(host: HostFacts): Check {
  const { processor: cpu } = host;
  const base = {
    id: 'processor',
    evidence: [...facts('Win32_Processor.Name', cpu?.name), ...facts('Win32_Processor.Manufacturer', cpu?.vendor)],
  } as const;
  const why = { key: 'checks.processorWhy', params: { name: cpu?.name ?? '' } } as const;
  switch (processorKind(host)) {
    case 'unknown':
      return { ...base, ...say('unknown', 'checks.processorUnread') };
    case 'intel':
      return { ...base, verdict: 'ok', title: { key: 'checks.processorIntel' }, why };
    case 'amd':
      return { ...base, verdict: 'ok', title: { key: 'checks.processorAmd' }, why };
    case 'other-x64':
      return { ...base, ...say('unknown', 'checks.processorOther') };
    case 'arm':
    case 'other':
      // The architecture is in the way; its maker is not.
      return { ...base, verdict: 'ok', title: { key: 'checks.processorPlain' }, why };
  }
}

/**
 * While a hypervisor runs, Win32_Processor reads False or empty for all three: this PC's own hypervisor is itself the evidence,
 * and one that only is below it is none (domain §1).
 */
function extensions(host: HostFacts): Check {
  const { processor: cpu, computer } = host;
  const evidence = [
    ...facts(ownHypervisor, host.hypervisorProcessors),
    ...facts('Win32_ComputerSystem.HypervisorPresent', computer?.hypervisorPresent),
    ...facts('Win32_Processor.VMMonitorModeExtensions', cpu?.vmMonitorMode),
    ...facts('Win32_Processor.SecondLevelAddressTranslationExtensions', cpu?.slat),
    ...facts('Win32_Processor.VirtualizationFirmwareEnabled', cpu?.firmwareEnabled),
  ];
  const base = { id: 'extensions', evidence } as const;
  const names = extensionNames(processorKind(host));
  if (isHypervisorProven(host))
    return {
      ...base,
      ...(names ? say('ok', 'checks.extensionsUsed', names) : say('ok', 'checks.extensionsUsedPlain')),
    };
  if (!cpu || !computer) return { ...base, ...say('unknown', 'checks.extensionsUnread') };
  if (computer.hypervisorPresent)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.extensionsUnsure' },
      why: { key: isVm(host) ? 'checks.extensionsUnsureWhy' : 'checks.extensionsWhoseWhy' },
    };
  if (cpu.vmMonitorMode === false || cpu.slat === false)
    return {
      ...base,
      ...(names ? say('blocker', 'checks.extensionsMissing', names) : say('blocker', 'checks.extensionsMissingPlain')),
    };
  if (cpu.firmwareEnabled === false)
    return {
      ...base,
      ...(names ? say('blocker', 'checks.extensionsOff', names) : say('blocker', 'checks.extensionsOffPlain')),
    };
  if (cpu.vmMonitorMode && cpu.slat && cpu.firmwareEnabled)
    return {
      ...base,
      ...(names ? say('ok', 'checks.extensionsThere', names) : say('ok', 'checks.extensionsTherePlain')),
    };
  return { ...base, ...say('unknown', 'checks.extensionsUnread') };
}
const ownHypervisor = 'Win32_PerfRawData_HvStats_HyperVHypervisor.LogicalProcessors';

function hypervisorBelow(host: HostFacts): Check {
  const { computer } = host;
  const maker = computer?.manufacturer ?? '';
  const base = {
    id: 'hypervisor-below',
    evidence: [
      ...facts('Win32_ComputerSystem.Manufacturer', computer?.manufacturer),
      ...facts('Win32_ComputerSystem.Model', computer?.model),
    ],
  } as const;
  switch (belowOf(host)) {
    case 'unknown':
      return { ...base, ...say('unknown', 'checks.belowUnread') };
    case 'none-seen':
      return { ...base, ...say('ok', 'checks.belowNone', { maker, model: computer?.model ?? '' }) };
    case 'azure':
      return {
        ...base,
        ...say('advice', 'checks.belowAzure'),
        evidence: [...base.evidence, ...facts('Win32_Service WindowsAzureGuestAgent', 'present')],
      };
    case 'hyper-v':
      return { ...base, ...say('advice', 'checks.belowHyperV') };
    case 'other':
      return { ...base, ...say('warning', 'checks.belowOther', { maker }) };
  }
}

const stateOfService = ({ services }: HostFacts, name: 'vmms' | 'vmcompute') =>
  facts(
    `Win32_Service ${name}`,
    ifRead(services, undefined, (all) => all[name]?.state ?? 'absent'),
  );

function role(host: HostFacts): Check {
  const { features, services, windows: system } = host;
  const feature = ifRead(features, undefined, (all) => all['Microsoft-Hyper-V']);
  const evidence = [
    ...facts(
      'Win32_OptionalFeature Microsoft-Hyper-V',
      ifRead(features, undefined, (all) => all['Microsoft-Hyper-V'] ?? 'absent'),
    ),
    ...stateOfService(host, 'vmms'),
    ...(waitsForStart(host, 'enable-hyper-v') ? facts('Enable-WindowsOptionalFeature -NoRestart', true) : []),
  ];
  const base = { id: 'hyper-v-role', evidence } as const;
  if (awaitsRestart(host)) return { ...base, ...say('blocker', 'checks.roleWaits'), ...restartFix };
  // Without its service it may be waiting for a restart.
  if (ifRead(services, undefined, (all) => all['vmms'])) return { ...base, ...say('ok', 'checks.roleOn') };
  if (features === undefined || (services === undefined && feature === 'enabled'))
    return { ...base, ...say('unknown', 'checks.roleUnread') };
  const tried = inVain(host, 'enable-hyper-v');
  if (tried) {
    const title = { key: feature === 'enabled' ? 'checks.roleLacks' : 'checks.roleOff' } as const;
    return { ...base, verdict: 'blocker', title, ...nextCauses['enable-hyper-v'](tried) };
  }
  return {
    ...base,
    ...say('blocker', 'checks.roleOff'),
    // Home has no such feature to enable.
    ...(system && isHome(system.sku) ? {} : enableFix),
  };
}

function hypervisor(host: HostFacts): Check {
  const { computer, services, identity } = host;
  const base = {
    id: 'hypervisor',
    evidence: [
      ...facts(ownHypervisor, host.hypervisorProcessors),
      ...facts('Win32_ComputerSystem.HypervisorPresent', computer?.hypervisorPresent),
    ],
  } as const;
  if (isHypervisorProven(host)) return { ...base, ...say('ok', 'checks.hypervisorRuns') };
  if (!computer) return { ...base, ...say('unknown', 'checks.hypervisorUnread') };
  // In a VM HypervisorPresent is always true and says nothing of this PC's own (domain §3); none counted by who may see it is none.
  const isNone = isVm(host) && host.hypervisorProcessors === 0 && identity !== undefined && hasRight(identity);
  if (computer.hypervisorPresent && !isNone)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.hypervisorUnread' },
      why: { key: isVm(host) ? 'checks.hypervisorUnsureWhy' : 'checks.hypervisorWhoseWhy' },
    };
  if (waitsForStart(host, 'hypervisor-auto'))
    return {
      ...base,
      ...say('blocker', 'checks.hypervisorOff'),
      ...restartFix,
      why: { key: 'checks.hypervisorWaitsWhy' },
    };
  const tried = inVain(host, 'hypervisor-auto');
  if (tried) return { ...base, ...say('blocker', 'checks.hypervisorOff'), ...nextCauses['hypervisor-auto'](tried) };
  return {
    ...base,
    ...say('blocker', 'checks.hypervisorOff'),
    ...(ifRead(services, undefined, (all) => all['vmms'])
      ? ({ fix: { kind: 'act', act: 'hypervisor-auto' }, fixLabel: { key: 'checks.fixHypervisorAuto' } } as const)
      : {}),
  };
}

function service(host: HostFacts): Check {
  const { services } = host;
  const vmms = ifRead(services, undefined, (all) => all['vmms']);
  const base = {
    id: 'management-service',
    evidence: [...stateOfService(host, 'vmms'), ...stateOfService(host, 'vmcompute')],
  } as const;
  if (services === undefined) return { ...base, ...say('unknown', 'checks.serviceUnread') };
  if (!vmms) return { ...base, ...say('blocker', 'checks.serviceAbsent') };
  if (vmms.state === 'Running') return { ...base, ...say('ok', 'checks.serviceRuns') };
  const tried = inVain(host, 'start-service');
  const stopped =
    vmms.startMode === 'Disabled'
      ? say('blocker', 'checks.serviceDisabled')
      : say('blocker', 'checks.serviceStopped', { state: vmms.state });
  if (tried) return { ...base, ...stopped, ...nextCauses['start-service'](tried) };
  return {
    ...base,
    ...stopped,
    fix: { kind: 'act', act: 'start-service' },
    fixLabel: { key: 'checks.fixStartService' },
  };
}

/** Said because old scripts blame it; Microsoft's own maintainer said that nesting works with it on the host (domain §3, §7). */
function virtualizationBasedSecurity({ vbsStatus }: HostFacts): readonly Check[] {
  if (vbsStatus === undefined) return [];
  const evidence = facts('Win32_DeviceGuard.VirtualizationBasedSecurityStatus', vbsStatus);
  return [
    {
      id: 'virtualization-based-security',
      evidence,
      ...say('ok', vbsStatus === 2 ? 'checks.vbsRuns' : 'checks.vbsOff'),
    },
  ];
}
